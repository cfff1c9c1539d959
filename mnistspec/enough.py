"""How many findings are enough: a stage ends at so many errors, and of all findings of a spec so many are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.source import Span

MOST = 1_000
# Characters of a message, and of a help line; of the latter where there are many findings, which say the same again.
_LONGEST = 1_000
_MANY, _SHORT = 100, 200


class Enough(Exception):
    """Unwinds out of a stage that has found errors at more than `MOST` places; what it found is in `found`."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        self.found = found


class Found(list[Diagnostic]):
    """What a stage finds. Adding to it raises Enough where errors stand at more than `MOST` places.

    Places are counted and not findings: a repeat makes one mistake many times. Warnings are not counted: those that a
    spec does not want must not keep an error from being found.
    """

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        super().__init__()
        self._places: set[tuple[str, Span | None]] = set()
        self.extend(found)

    def append(self, diagnostic: Diagnostic) -> None:
        super().append(diagnostic)
        if diagnostic.severity is Severity.ERROR:
            self._places.add((diagnostic.code, diagnostic.span))
            if len(self._places) > MOST:
                raise Enough(self)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.append(diagnostic)


def the_first(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The first `MOST` findings in their order, errors before all others, and a note if there are more.

    What quotes a long text of the spec's is cut short.
    """
    if len(diagnostics) <= MOST:
        return _short(diagnostics)
    gravest = sorted(diagnostics, key=lambda found: found.severity is not Severity.ERROR)
    kept = {id(found) for found in gravest[:MOST]}
    told = _short(tuple(found for found in diagnostics if id(found) in kept))
    message = f"there are more findings; the first {MOST:,} are told"
    return (*told, Diagnostic("I904", message, told[-1].span, "mend these first, and check again"))


def _short(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The same, long texts cut: of the first findings less than of those that say it once more."""
    return tuple(
        _cut_short(found, _LONGEST if place < _MANY or found.fix is not None else _SHORT)
        for place, found in enumerate(diagnostics)
    )


def _cut_short(found: Diagnostic, longest: int) -> Diagnostic:
    if len(found.message) <= _LONGEST and len(found.help or "") <= longest:
        return found
    return replace(found, message=_cut(found.message, _LONGEST), help=_cut(found.help, longest) if found.help else None)


def _cut(text: str, longest: int) -> str:
    """The text, its middle left out where it is long: messages quote what a spec says first, and speak of it after."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} ... {text[-half:]}"
