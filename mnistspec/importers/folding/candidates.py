"""Where a structure may come again: runs of entries of one outline, in any lists, and runs that follow each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.frozen import dataclass
from mnistspec.importers.folding.items import Fixed, Item, Sources

# The longest structure that is looked for, in entries.
_LONGEST = 400
# Two or three layers of one kind may still be one thing.
_SHORTEST_PERIOD = 3

# Where a run of entries begins: which list, and where in it.
Place = tuple[int, int]


@dataclass(frozen=True)
class Candidate:
    """Runs of `length` entries with one outline; `bound` is the most lines that folding them may save."""

    bound: int
    length: int
    places: tuple[Place, ...]
    repeats: bool


def candidates_of(outlines: Sequence[Sequence[Any]], sizes: Sequence[Sequence[int]]) -> Iterator[Candidate]:
    """All of them, by the outline of each entry of each list and the lines that it takes."""
    numbers, sums = _numbered(outlines), [_sums(lines) for lines in sizes]
    yield from _windows(numbers, sums)
    yield from _runs(numbers, sums)


def _numbered(lists: Sequence[Sequence[Any]]) -> list[list[int]]:
    numbers: dict[Any, int] = {}
    return [[numbers.setdefault(value, len(numbers)) for value in values] for values in lists]


def of_one_kind(items: Sequence[Item]) -> list[Any]:
    return [_outline(item) for item in items]


def at_like_distances(items: Sequence[Item]) -> list[Any]:
    places = {name: place for place, item in enumerate(items) for name in item.nodes}
    return [
        (_outline(item), *(place - places[ref.node] if ref.node in places else None for ref in item.refs))
        for place, item in enumerate(items)
    ]


def best_first(candidate: Candidate) -> Any:
    return -candidate.bound, candidate.length, candidate.places


def _outline(item: Item) -> Any:
    """What instances of one structure have in common whatever their arguments and names."""
    block = item.arguments.get("block") if item.kind == "use" else None
    return item.kind, block, _form(item.sources), tuple(map(_outline, item.turn))


def _form(sources: Sources) -> Any:
    if isinstance(sources, Mapping):
        return tuple((name, _form(given)) for name, given in sources.items())
    if isinstance(sources, tuple):
        return tuple(map(_form, sources))
    return repr(sources.value) if isinstance(sources, Fixed) else sources is None


def _sums(sizes: Sequence[int]) -> list[int]:
    total = [0]
    for size in sizes:
        total.append(total[-1] + size)
    return total


def _windows(outlines: Sequence[Sequence[int]], sums: Sequence[Sequence[int]]) -> Iterator[Candidate]:
    """Runs of entries with one outline that come more than once, whatever their length."""
    current = {(at, begin): number for at, list_ in enumerate(outlines) for begin, number in enumerate(list_)}
    for length in range(2, _LONGEST + 1):
        longer = [(place, (current[place], outlines[place[0]][place[1] + length - 1])) for place in current
                  if place[1] + length <= len(outlines[place[0]])]  # fmt: skip
        groups: dict[tuple[int, int], list[Place]] = {}
        for place, key in longer:
            groups.setdefault(key, []).append(place)
        current = {}
        for number, places in enumerate(groups.values()):
            if len(places) == 1:
                continue
            current.update(dict.fromkeys(places, number))
            apart = _apart(places, length)
            at, begin = apart[0]
            if len(apart) > 1 and not _is_several(outlines[at][begin : begin + length]):
                size = sums[at][begin + length] - sums[at][begin]
                yield Candidate((len(apart) - 1) * size - len(apart) - 1, length, tuple(apart), False)
        if not current:
            return


def _is_several(window: Sequence[int]) -> bool:
    """Whether a run is a shorter one several times, which reads better by itself."""
    length = len(window)
    periods = (period for period in range(_SHORTEST_PERIOD, length // 2 + 1) if length % period == 0)
    return any(window[period:] == window[:-period] for period in periods)


def _apart(places: Sequence[Place], length: int) -> list[Place]:
    """The places, from the first on, of which none reaches into the next."""
    kept: list[Place] = []
    for at, begin in places:
        if not kept or kept[-1][0] != at or begin >= kept[-1][1] + length:
            kept.append((at, begin))
    return kept


def _runs(outlines: Sequence[Sequence[int]], sums: Sequence[Sequence[int]]) -> Iterator[Candidate]:
    """Structures that follow on each other, from every place that begins a longest run of them."""
    for at, list_ in enumerate(outlines):
        for length in range(1, min(len(list_) // 2, _LONGEST) + 1):
            reach = 0
            for begin in range(len(list_) - length - 1, -1, -1):
                reach = reach + 1 if list_[begin] == list_[begin + length] else 0
                starts = begin == 0 or list_[begin - 1] != list_[begin - 1 + length]
                if reach >= length and starts:
                    yield from _offsets(at, begin, length, reach, sums[at])


def _offsets(at: int, begin: int, length: int, reach: int, sums: Sequence[int]) -> Iterator[Candidate]:
    """The ways to cut a run into turns, by where the first begins."""
    for offset in range(min(length, reach - length + 1)):
        count = 1 + (reach - offset) // length
        first = begin + offset
        bound = sums[first + count * length] - sums[first] - 1
        yield Candidate(bound, length, tuple((at, first + turn * length) for turn in range(count)), True)
