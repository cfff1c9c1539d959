"""What the YAML parser says of broken syntax, in words that help, at the place where the mistake is."""

from __future__ import annotations

import re

import yaml

from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.parse.quotes import left_open
from mnistspec.parse.slips import found_further_on
from mnistspec.source import Source, Span

# What libyaml says, by the words that tell its messages apart, and what a person needs to hear instead.
_WORDING: dict[str, tuple[str, str]] = {
    "cannot start any token": ("a character that cannot begin a value", "quote the value if it begins with it"),
    "mapping values are not allowed": (
        "a `:` where no key can stand",
        "put the key on a line of its own, or quote the text",
    ),
    "could not find expected ':'": ("a key without its `:`", "write `key: value`, with a space after the colon"),
    "did not find expected key": (
        "the indentation does not fit the lines above",
        "line it up with the keys of the same map",
    ),
    "did not find expected '-'": (
        "the indentation does not fit the list above",
        "line it up with the list's other `-`",
    ),
    "did not find expected ',' or ']'": (
        "a list in brackets that is not closed",
        "close it with `]`, or put `,` between its items",
    ),
    "did not find expected ',' or '}'": (
        "a map in braces that is not closed",
        "close it with `}`, or put `,` between its entries",
    ),
    "unexpected end of stream": ("the text ends inside a quoted string", "close the quotes"),
    "document indicator": ("the text ends inside a quoted string", "close the quotes"),
    "block sequence entries are not allowed": (
        "a `-` where no list can begin",
        "begin the list on a line of its own",
    ),
    "unknown escape": ("an escape that YAML does not know", "write `\\\\` for a backslash, or use single quotes"),
}
_TABS = re.compile(r"^ *\t[ \t]*", re.MULTILINE)
# Text that keeps its tabs may follow.
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$", re.MULTILINE)


def syntax_error(source: Source, error: yaml.MarkedYAMLError) -> Diagnostic:
    """The parser's error as a diagnostic."""
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index if mark is not None else 0, len(source.text))
    span = _character(source, offset)
    problem = str(error.problem or error.context or error)
    if "undefined tag handle" in problem:
        return Diagnostic("E105", "a tag that is not plain data", span, "remove it")
    if source.text[offset : offset + 1] == "\t":
        fix = _spaces_for_tabs(source)
        return Diagnostic("E101", "a tab where YAML needs spaces", span, "indent with spaces", fix=fix)
    begun = error.context_mark.index if error.context_mark is not None else offset
    slip = left_open(source, span.line) or found_further_on(source, span, min(begun, len(source.text)), problem)
    if slip is not None:
        return slip
    related: tuple[Related, ...] = ()
    if error.context_mark is not None and error.context_mark.index != offset:
        related = (Related("this began here", _character(source, min(error.context_mark.index, len(source.text)))),)
    for words, (message, help) in _WORDING.items():
        if words in problem:
            return Diagnostic("E101", message, span, help, related)
    return Diagnostic("E101", f"the text is not YAML: {problem}", span, None, related)


def _spaces_for_tabs(source: Source) -> Fix | None:
    """Two spaces for every tab that indents: what is nested stays nested, if nothing else indents the text."""
    text = source.text
    found = list(_TABS.finditer(text))
    if not found:
        return None
    start, end = found[0].start(), found[-1].end()
    changed = _TABS.sub(lambda tabs: tabs.group().replace("\t", "  "), text[start:end])
    return Fix(Span(source, start, end), changed, certain=_BLOCK_TEXT.search(text) is None)


def _character(source: Source, offset: int) -> Span:
    return Span(source, offset, min(offset + 1, len(source.text)))
