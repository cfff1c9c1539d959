"""Mends what is certain: applies the certain fixes of a spec's findings to its text, and again what they uncover."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from mnistspec.diagnostics import Diagnostic, Fix, Severity
from mnistspec.frozen import dataclass
from mnistspec.parse import parse
from mnistspec.parse.shared import repeated
from mnistspec.pipeline import CheckResult
from mnistspec.source import Source

Check: TypeAlias = Callable[[Source], CheckResult]

# How often a text is changed for the better, and how deep one change is followed by what it uncovers.
_ROUNDS = 100
_FOLLOWED = 6
# Of changes that do not better a text together, this many are tried one by one.
_SINGLY = 50


@dataclass(frozen=True)
class Fixed:
    """What the check says of a text after fixing, and how many fixes it took."""

    result: CheckResult
    count: int = 0


def mend(source: Source, check: Check) -> Fixed:
    """The text with its certain fixes applied, or as it was where nothing could be bettered.

    A change is kept only if fewer errors are left, or as many and fewer warnings. A text that could not be read to its
    end counts as worse than any that could.
    """
    best = Fixed(check(source))
    for _ in range(_ROUNDS):
        fixes = certain_fixes(best.result)
        better = _bettered(best, fixes, check) or next(
            (found for one in fixes[:_SINGLY] if (found := _bettered(best, [one], check)) is not None), None
        )
        if better is None:
            break
        best = better
    return best


def certain_fixes(result: CheckResult, known: frozenset[tuple[str, str]] = frozenset()) -> list[Fix]:
    """The certain fixes in the spec's own text, in its order, none touching another; none of findings `known` before.

    Left out is what stands in a value that other places repeat, by an alias or as a variable: it may be right there.
    """
    new = [found for found in result.diagnostics if _what(found) not in known and _is_certain(found, result.source)]
    shared = _joined(_shared(result.source)) if new else []
    fixes = {
        (found.fix.span.start, found.fix.span.end, found.fix.text): found.fix
        for found in new
        if found.fix is not None and not (found.code >= "E2" and _lies_in(found.fix, shared))
    }
    return list(_apart([fixes[place] for place in sorted(fixes)]))


def applied(text: str, fixes: Sequence[Fix]) -> str:
    """The text with fixes that stand apart; an insertion comes before what it touches."""
    parts: list[str] = []
    done = 0
    for fix in sorted(fixes, key=lambda fix: (fix.span.start, fix.span.end)):
        parts += (text[done : fix.span.start], fix.text)
        done = fix.span.end
    return "".join((*parts, text[done:]))


def _bettered(best: Fixed, fixes: Sequence[Fix], check: Check) -> Fixed | None:
    """What fixes make of a text, followed by fixes of what they uncover until it is better; None where it never is."""
    result, count = best.result, best.count
    known: frozenset[tuple[str, str]] = frozenset(map(_what, result.diagnostics))
    for _ in range(_FOLLOWED):
        if not fixes:
            return None
        result = check(replace(result.source, text=applied(result.source.text, fixes)))
        count += len(fixes)
        if _badness(result) < _badness(best.result):
            return Fixed(result, count)
        fixes = certain_fixes(result, known)
    return None


def _badness(result: CheckResult) -> tuple[bool, int, int, int]:
    errors = sum(found.severity is Severity.ERROR for found in result.diagnostics)
    return result.resolved is None, _untold(result), errors, len(result.diagnostics) - errors


def _untold(result: CheckResult) -> int:
    """How much of the text (characters) stands behind the last finding that was told, where there are more."""
    ends = [found.span.start for found in result.diagnostics if found.code == "I904" and found.span is not None]
    return len(result.source.text) - ends[0] if ends else 0


def _what(found: Diagnostic) -> tuple[str, str]:
    """What a finding says, wherever a change of the text has moved it."""
    return found.code, found.message


def _is_certain(found: Diagnostic, source: Source) -> bool:
    return found.fix is not None and found.fix.certain and found.fix.span.source is source


def _shared(source: Source) -> Iterator[tuple[int, int]]:
    """Stretches of the text (start and end, characters) that stand for more than one place."""
    yield from repeated(source.text)
    root = parse(source).value
    variables = root.get("vars") if root is not None else None
    if variables is not None:
        yield variables.span.start, variables.span.end


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in their order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _lies_in(fix: Fix, stretches: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(stretches, fix.span.start, key=lambda stretch: stretch[0])
    return index > 0 and fix.span.start < stretches[index - 1][1]


def _apart(fixes: Sequence[Fix]) -> Iterator[Fix]:
    """Fixes of places of their own: of two that overlap the first, of two that disagree neither."""
    end = -1
    for _, group in groupby(fixes, key=lambda fix: (fix.span.start, fix.span.end)):
        alike = list(group)
        if len(alike) == 1 and alike[0].span.start >= end:
            yield alike[0]
            end = alike[0].span.end
