"""Slips that the YAML parser notices only further on, or in other words than a person would: told where they are."""

from __future__ import annotations

import re

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.source import Source, Span

_NO_SPACE = re.compile(r"[ -]*([\w.]+:)\S")
_GLUED = re.compile(r"(?<![\w.\"'])([A-Za-z][\w.]*:)[{\[]")
# An entry whose class no colon follows, a key that none follows, and a word alone.
_CLASS = re.compile(r"[ -]*([A-Za-z][\w.]*) +(\{.*\})[ \t]*(?:#.*)?$")
_KEY = re.compile(r"[ -]*([A-Za-z_]\w*)(?: *[=;] *| +)([^\s:#=;][^:#]*?)[ \t]*(?:#.*)?$")
_WORD = re.compile(r"[ ]*([A-Za-z][\w.]*)[ \t]*(?:#.*)?$")
_ITEM = re.compile(r"( *)- ")
_OPEN_ITEM = re.compile(r"( *)- +([A-Za-z][\w.]*):[ \t]*(?:#.*)?$")
_DASHED = re.compile(r" *-(?=[A-Za-z])")
# No line that a slip is looked for in is longer (characters).
_LONGEST = 400
# So many lines above are looked through for one that is not blank.
_FAR = 1_000
_CLOSING = {"{": "}", "[": "]"}


def found_further_on(source: Source, span: Span, begun: int, problem: str) -> Diagnostic | None:
    """The slip behind the parser's words; `begun` is where what it could not end begins."""
    if "mapping values are not allowed" in problem:
        above = span.line - 1 if _WORD.match(source.text[source.line_bounds(span.line)[0] : span.start]) else 0
        return (
            _glued(source, span) or _without_space(source, span.line - 1)
            or _class_without_colon(source, span.line) or (_key_without_colon(source, above) if above else None)
        )  # fmt: skip
    number = source.position(begun)[0]
    if "could not find expected ':'" in problem:
        return (
            _without_space(source, number) or _dash_without_space(source, number) or _item_without_dash(source, number)
            or _key_without_colon(source, number) or _text(source, number)
        )  # fmt: skip
    if "did not find expected ','" in problem:
        return _unquoted_expression(source, span) or _not_closed(source, span, begun)
    if "found unexpected ':'" in problem:
        return _glued(source, span)
    if "did not find expected key" in problem and span.text in ("}", "]"):
        glued = _glued(source, span)
        if glued is not None:
            return glued
        message = f"a `{span.text}` that closes nothing"
        return Diagnostic("E101", message, span, "remove it", fix=Fix(span, "", certain=True))
    if "did not find expected '-'" in problem and span.column == source.position(begun)[1]:
        other = _dash_without_space(source, span.line) or _arguments_not_indented(source, span)
        if other is not None:
            return other
        fix = Fix(Span(source, span.start, span.start), "- ", certain=True)
        return Diagnostic("E101", "an item of a list without its `-`", _rest(source, span.start), "begin it with `- `",
                          fix=fix)  # fmt: skip
    return None


def _without_space(source: Source, number: int) -> Diagnostic | None:
    """A `key:value` that the parser took for a string, which only the next key's `:` gave away."""
    found = _NO_SPACE.match(source.line(number))
    if found is None:
        return None
    start = source.line_starts[number - 1]
    key = Span(source, start + found.start(1), start + found.end(1))
    value = source.text[key.end : source.line_bounds(number)[1]].strip()
    return _space(source, key, f"write `{key.text} {value}`")


def _glued(source: Source, span: Span) -> Diagnostic | None:
    """`Dense:{units: 10}`, which is a string up to its brace; the parser stops behind that."""
    start = source.line_starts[span.line - 1]
    found = _GLUED.search(source.text, start, min(span.end + 1, start + _LONGEST))
    if found is None:
        return None
    key = Span(source, found.start(1), found.end(1))
    return _space(source, key, f"put a space after `{key.text}`")


def _space(source: Source, key: Span, help: str) -> Diagnostic:
    fix = Fix(Span(source, key.end, key.end), " ", certain=True)
    return Diagnostic("E101", "a key without a space after its `:`", key, help, fix=fix)


def _class_without_colon(source: Source, number: int) -> Diagnostic | None:
    """`Dense {units: 10}`."""
    found = _CLASS.match(source.line(number))
    return _colon(source, number, found) if found is not None else None


def _key_without_colon(source: Source, number: int) -> Diagnostic | None:
    """`epochs 10` or `epochs = 10`, or a section's name alone."""
    line = source.line(number)
    if len(line) > _LONGEST:
        return None
    found = _KEY.match(line)
    if found is not None:
        return _colon(source, number, found)
    alone = _WORD.match(line)
    if alone is None:
        return None
    start = source.line_starts[number - 1]
    key = Span(source, start + alone.start(1), start + alone.end(1))
    fix = Fix(Span(source, key.end, key.end), ":", certain=True)
    return Diagnostic("E101", "a key without its `:`", key, f"write `{key.text}:`", fix=fix)


def _colon(source: Source, number: int, found: re.Match[str]) -> Diagnostic:
    start = source.line_starts[number - 1]
    key = Span(source, start + found.start(1), start + found.end(1))
    fix = Fix(Span(source, key.end, start + found.start(2)), ": ", certain=True)
    return Diagnostic("E101", "a key without its `:`", key, f"write `{key.text}: {found[2]}`", fix=fix)


def _dash_without_space(source: Source, number: int) -> Diagnostic | None:
    """`-Flatten`."""
    found = _DASHED.match(source.line(number))
    if found is None:
        return None
    at = source.line_starts[number - 1] + found.end()
    text = _rest(source, at)
    fix = Fix(Span(source, at, at), " ", certain=True)
    span = Span(source, at - 1, text.end)
    return Diagnostic("E101", "a `-` without a space behind it", span, f"write `- {text.text}`", fix=fix)


def _above(source: Source, number: int) -> str:
    """The nearest line above that is not blank; nothing where it is far."""
    return next((line for line in map(source.line, range(number - 1, max(0, number - _FAR), -1)) if line.strip()), "")


def _arguments_not_indented(source: Source, span: Span) -> Diagnostic | None:
    """`units: 10` right under the dash of `- Dense:`."""
    item = _OPEN_ITEM.match(_above(source, span.line))
    if item is None or len(item[1]) != span.column - 1:
        return None
    last = span.line
    while last < len(source.line_starts) and _goes_on(source.line(last + 1), item[1]):
        last += 1
    lines = Span(source, source.line_starts[span.line - 1], source.line_bounds(last)[1])
    fix = Fix(lines, re.sub(r"(?m)^", "    ", lines.text), certain=True)
    message, help = f"the arguments of `{item[2]}` are not indented", f"indent these lines under `{item[2]}:`"
    return Diagnostic("E101", message, Span(source, span.start, lines.end), help, fix=fix)


def _goes_on(line: str, indent: str) -> bool:
    """Whether a line has keys at an indentation, or what stands under them, and no next item of the list."""
    return line.startswith(indent) and line[len(indent) :][:1] not in ("", "-")


def _item_without_dash(source: Source, number: int) -> Diagnostic | None:
    """A word alone on a line among the items of a list."""
    dash, word = _ITEM.match(_above(source, number)), _WORD.match(source.line(number))
    if dash is None or word is None:
        return None
    start = source.line_starts[number - 1]
    fix = Fix(Span(source, start, start + word.start(1)), f"{dash[1]}- ", certain=True)
    span = Span(source, start + word.start(1), start + word.end(1))
    return Diagnostic("E101", "an item of a list without its `-`", span, f"write `- {word[1]}`", fix=fix)


def _text(source: Source, number: int) -> Diagnostic:
    """A line that is neither a key nor an item of a list."""
    span = _rest(source, source.line_starts[number - 1])
    return Diagnostic("E101", "a key without its `:`", span, "write `key: value`, with a space after the colon")


def _rest(source: Source, offset: int) -> Span:
    """What stands on a line from an offset on, without the blanks around it."""
    text = source.text[offset : source.line_bounds(source.position(offset)[0])[1]]
    return Span(source, offset + len(text) - len(text.lstrip()), offset + len(text.rstrip()))


def _indent(source: Source, number: int) -> int:
    line = source.line(number)
    return len(line) - len(line.lstrip(" "))


def _unquoted_expression(source: Source, span: Span) -> Diagnostic | None:
    """`{rate: ${rate}}`: in braces and brackets an expression needs quotes."""
    start = span.start - 1
    end = source.text.find("}", start)
    if start < 0 or source.text[start : start + 2] != "${" or end < 0:
        return None
    whole = Span(source, start, end + 1)
    if "\n" in whole.text or '"' in whole.text:
        return None
    meant = f'"{whole.text}"'
    message = "in braces and brackets an expression needs quotes"
    return Diagnostic("E101", message, whole, f"write `{meant}`", fix=Fix(whole, meant, certain=True))


def _not_closed(source: Source, span: Span, begun: int) -> Diagnostic | None:
    """A brace or bracket on an earlier line that nothing closes there."""
    closing = _CLOSING.get(source.text[begun : begun + 1])
    number = source.position(begun)[0]
    if closing is None or number == span.line or _indent(source, number) < _indent(source, span.line):
        return None
    what = "map in braces" if closing == "}" else "list in brackets"
    line = _rest(source, begun).text
    same = line.count(closing) + 1 == line.count(source.text[begun]) and "#" not in line
    end = _rest(source, begun).end
    fix = Fix(Span(source, end, end), closing, certain=True) if same else None
    opening = Span(source, begun, begun + 1)
    return Diagnostic("E101", f"a {what} that is not closed", opening, f"close it with `{closing}`", fix=fix)
