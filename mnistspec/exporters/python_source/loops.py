"""The turns of a repeat as one loop: what passes from turn to turn, what each reads, what is kept of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from mnistspec.exporters.python_source.flow import Flow, Key
from mnistspec.exporters.python_source.labels import Counted, Unfit, counted
from mnistspec.exporters.python_source.outline import Group, Item, Leaf, Repeat
from mnistspec.frozen import dataclass
from mnistspec.nodes import ScalarNode

VARIABLES = "ijk"
# Which layer of a group it is, and which of its outputs where it has several.
Place: TypeAlias = "tuple[int, int | None]"


@dataclass(frozen=True)
class Loop:
    """How turns depend on each other.

    `reads` has what each turn reads of others, in one order; of these those at `carries` are what the turn before made
    (`passed` has, for each of them, what every turn makes), those at `picked` one of each turn of an earlier loop, and
    the others are the same for all. `kept` has, for each list of results, the result of every turn.
    """

    reads: tuple[tuple[Key, ...], ...]
    carries: tuple[int, ...]
    passed: tuple[tuple[Key, ...], ...]
    picked: tuple[int, ...]
    kept: tuple[tuple[Key, ...], ...]

    @property
    def fixed(self) -> list[Key]:
        """What all turns read of what was there before."""
        return [key for place in range(len(self.reads[0])) if place not in self.carries for key in self.all_read(place)]

    def all_read(self, place: int) -> tuple[Key, ...]:
        """What the turns read at one place, each once."""
        return tuple(dict.fromkeys(read[place] for read in self.reads))

    def wanted(self, turn: int) -> list[Key]:
        """What is needed of a turn when it is over."""
        return [*(keys[turn] for keys in self.passed), *(keys[turn] for keys in self.kept)]


def loop_of(repeat: Repeat, flow: Flow, before: Iterable[Loop]) -> Loop:
    """The loop that the turns of a repeat are, after others of which it may read. Raises: Unfit."""
    turns = repeat.turns
    times = turns[0].scope.times
    counts = [_count(turn) for turn in turns]
    alike = len({len(turn.leaves) for turn in turns}) == 1
    complete = len(turns) + (not repeat.is_whole)
    whole = isinstance(times, ScalarNode) and times.value == complete and counts == list(range(len(turns)))
    if len(turns) < 2 or not whole or not alike or flow.shares_across(repeat) or any(map(flow.shares_across, turns)):
        raise Unfit
    reads = tuple(tuple(flow.reads(turn)) for turn in turns)
    lists = [keys for loop in before for keys in loop.kept]
    carries, picked = _changing(turns, reads, lists)
    passed = tuple(_passed(turns, [read[place] for read in reads]) for place in carries)
    finals = [keys[-1] for keys in passed]
    kept = _kept(turns, [key for key in flow.exports(repeat) if key not in finals])
    return Loop(reads, carries, passed, picked, kept)


def _count(turn: Group) -> object:
    count = turn.scope.values["i"]
    return count.value if isinstance(count, ScalarNode) else None


def place_of(group: Group, key: Key) -> Place | None:
    """Which layer of a used block, or of a turn, gives it, and which output it is."""
    names = [leaf.step.name for leaf in group.leaves]
    return (names.index(key[0]), key[1]) if key[0] in names else None


def key_at(group: Group, place: Place) -> Key:
    """What the layer at a place gives."""
    return group.leaves[place[0]].step.name, place[1]


def _changing(
    turns: Sequence[Group], reads: tuple[tuple[Key, ...], ...], lists: Sequence[tuple[Key, ...]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which of what is read comes from the turn before, and which from `lists`, turn by turn. Raises: Unfit."""
    if len({len(read) for read in reads}) != 1:
        raise Unfit
    columns = list(zip(*reads, strict=True))
    changing = [place for place, keys in enumerate(columns) if len(set(keys)) > 1]
    own = {leaf.step.name for turn in turns for leaf in turn.leaves}
    if any(key[0] in own for key in reads[0]):
        raise Unfit
    picked = tuple(place for place in changing if columns[place] in lists or columns[place][::-1] in lists)
    return tuple(place for place in changing if place not in picked), picked


def _passed(turns: Sequence[Group], read: Sequence[Key]) -> tuple[Key, ...]:
    """What every turn makes for the next, of which these were `read`. Raises: Unfit."""
    positions = {place_of(turn, key) for turn, key in zip(turns, read[1:], strict=False)}
    position = positions.pop()
    if positions or position is None:
        raise Unfit
    return tuple(key_at(turn, position) for turn in turns)


def _kept(turns: Sequence[Group], exported: Sequence[Key]) -> tuple[tuple[Key, ...], ...]:
    """The results of all turns that go by their place, for each place of which something is read later."""
    found = [position for key in exported for turn in turns if (position := place_of(turn, key)) is not None]
    return tuple(tuple(key_at(turn, position) for turn in turns) for position in dict.fromkeys(found))


def counted_parts(turns: Sequence[Sequence[Item]], variable: str, times: str) -> dict[int, Counted]:
    """The parts of names that change with the turn, for each of the items in every turn; `times` says how many.

    Raises: Unfit.
    """
    parts: dict[int, Counted] = {}
    if len({tuple(map(type, items)) for items in turns}) != 1:
        raise Unfit
    for items in zip(*turns, strict=True):
        paths = [item.path for item in items if isinstance(item, Leaf | Group) and item.path]
        alike = len(paths) == len(turns) and len(set(map(len, paths))) == 1
        for segments in zip(*paths, strict=True) if alike else ():
            part = counted([segment.text for segment in segments], variable, times)
            if part is not None:
                parts |= dict.fromkeys(map(id, segments), part)
    return parts
