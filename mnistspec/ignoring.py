"""Warnings that a spec does not want: by name in `ignore`, or in a comment on the line they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mnistspec.diagnostics import CODES, Diagnostic, Severity
from mnistspec.hints import Hint, hint
from mnistspec.source import Source, Span
from mnistspec.suggest import suggest

_COMMENT = re.compile(r"#[ \t]*mnistspec:[ \t]*ignore\[([^\[\]\r\n]{0,500})\]")
_NAME = re.compile(r"[^\s,]+")
_ERRORS = frozenset(name for code, (name, _) in CODES.items() if code.startswith("E"))
# The names of all warnings and notes.
NAMES = tuple(name for name, _ in CODES.values() if name not in _ERRORS)


def without_ignored(diagnostics: Iterable[Diagnostic], names: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The diagnostics that are wanted. Errors always are. A misspelt name, told by itself, counts as it was meant."""
    unwanted = frozenset(map(_meant, names))
    lines: dict[Source, dict[int, frozenset[str]]] = {}

    def wanted(found: Diagnostic) -> bool:
        if found.severity is Severity.ERROR:
            return True
        if found.name in unwanted or found.span is None:
            return found.name not in unwanted
        source = found.span.source
        if source not in lines:
            lines[source] = _by_line(source)
        return found.name not in lines[source].get(found.span.line, ())

    return tuple(filter(wanted, diagnostics))


def wrong_name(name: str, span: Span) -> tuple[str, Hint] | None:
    """What is wrong with a name to be ignored, and the way out; None for the name of a warning."""
    if name in NAMES:
        return None
    if name in _ERRORS:
        return f"`{name}` is an error, and errors are not ignored", Hint("remove it, and mend what it is about")
    known = ", ".join(f"`{known}`" for known in NAMES)
    return f"there is no warning `{name}`", hint(name, NAMES, span) or Hint(f"there are: {known}")


def is_ignoring(comment: str) -> bool:
    """Whether a comment is about the findings of its line."""
    return _COMMENT.search(comment) is not None


def wrong_comments(source: Source) -> Iterator[Diagnostic]:
    """Names in `# mnistspec: ignore[...]` that are no warnings."""
    for comment in _COMMENT.finditer(source.text):
        for name in _NAME.finditer(source.text, comment.start(1), comment.end(1)):
            span = Span(source, name.start(), name.end())
            wrong = wrong_name(name.group(), span)
            if wrong is not None:
                yield Diagnostic("E204", wrong[0], span, wrong[1].help, fix=wrong[1].fix)


def _meant(name: str) -> str:
    return name if name in NAMES else suggest(name, NAMES) or name


def _by_line(source: Source) -> dict[int, frozenset[str]]:
    """The names that comments ignore, by the number of the comment's line."""
    found: dict[int, frozenset[str]] = {}
    for comment in _COMMENT.finditer(source.text):
        line = source.position(comment.start())[0]
        found[line] = found.get(line, frozenset()) | frozenset(map(_meant, _NAME.findall(comment.group(1))))
    return found
