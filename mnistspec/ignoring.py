"""Warnings that a spec does not want: by name in `ignore`, or in a comment on the line they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mnistspec.diagnostics import CODES, Diagnostic, Severity
from mnistspec.source import Source, Span
from mnistspec.suggest import suggest

_COMMENT = re.compile(r"#[ \t]*mnistspec:[ \t]*ignore\[([^\]\r\n]*)\]")
_NAME = re.compile(r"[^\s,]+")
_ERRORS = frozenset(name for code, (name, _) in CODES.items() if code.startswith("E"))
_IGNORABLE = tuple(name for name, _ in CODES.values() if name not in _ERRORS)


def without_ignored(diagnostics: Iterable[Diagnostic], names: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The diagnostics that are wanted. Errors always are."""
    unwanted = frozenset(names)
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR or d.name not in unwanted | _on_line(d))


def wrong_name(name: str) -> tuple[str, str] | None:
    """What is wrong with a name to be ignored, and the way out; None for the name of a warning."""
    if name in _IGNORABLE:
        return None
    if name in _ERRORS:
        return f"`{name}` is an error, and errors are not ignored", "remove it, and mend what it is about"
    near = suggest(name, _IGNORABLE)
    known = ", ".join(f"`{known}`" for known in _IGNORABLE)
    return f"there is no warning `{name}`", f"did you mean `{near}`?" if near else f"there are: {known}"


def wrong_comments(source: Source) -> Iterator[Diagnostic]:
    """Names in `# mnistspec: ignore[...]` that are no warnings."""
    for comment in _COMMENT.finditer(source.text):
        for name in _NAME.finditer(source.text, comment.start(1), comment.end(1)):
            wrong = wrong_name(name.group())
            if wrong is not None:
                yield Diagnostic("E204", wrong[0], Span(source, name.start(), name.end()), wrong[1])


def _on_line(diagnostic: Diagnostic) -> frozenset[str]:
    if diagnostic.span is None:
        return frozenset()
    found = _COMMENT.search(diagnostic.span.source.line(diagnostic.span.line))
    return frozenset(_NAME.findall(found.group(1))) if found else frozenset()
