"""The turns of a repeat as one loop: what passes from turn to turn, what each reads, what is kept of each."""

from __future__ import annotations

from collections.abc import Sequence
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

    `reads` has what each turn reads of others, in one order; of these the one at `carry` is what the turn before made
    (`passed` has it by turn) and the others are the same for all. `kept` has, for each list of results, the result of
    every turn.
    """

    reads: tuple[tuple[Key, ...], ...]
    carry: int | None
    passed: tuple[Key, ...]
    kept: tuple[tuple[Key, ...], ...]

    @property
    def fixed(self) -> list[Key]:
        """What all turns read alike."""
        return [key for place, key in enumerate(self.reads[0]) if place != self.carry]

    def wanted(self, turn: int) -> list[Key]:
        """What is needed of a turn when it is over."""
        return [*self.passed[turn : turn + 1], *(keys[turn] for keys in self.kept)]


def loop_of(repeat: Repeat, flow: Flow) -> Loop:
    """The loop that the turns of a repeat are. Raises: Unfit."""
    turns = repeat.turns
    times = turns[0].scope.times
    counts = [_count(turn) for turn in turns]
    alike = len({len(turn.leaves) for turn in turns}) == 1
    whole = isinstance(times, ScalarNode) and times.value == len(turns) and counts == list(range(len(turns)))
    if len(turns) < 2 or not whole or not alike or flow.shares_across(repeat) or any(map(flow.shares_across, turns)):
        raise Unfit
    reads = tuple(tuple(flow.reads(turn)) for turn in turns)
    carry, passed = _carried(turns, reads)
    exported = flow.exports(repeat)
    kept = _kept(turns, [key for key in exported if key not in passed[-1:]])
    if any(key in passed[:-1] for key in exported):
        kept = _kept(turns, exported)
    return Loop(reads, carry, passed, kept)


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


def _carried(turns: Sequence[Group], reads: tuple[tuple[Key, ...], ...]) -> tuple[int | None, tuple[Key, ...]]:
    """Which of what is read comes from the turn before, and what passes it on. Raises: Unfit."""
    if len({len(read) for read in reads}) != 1:
        raise Unfit
    changing = [place for place in range(len(reads[0])) if len({read[place] for read in reads}) > 1]
    own = {leaf.step.name for turn in turns for leaf in turn.leaves}
    if any(key[0] in own for key in reads[0]) or len(changing) > 1:
        raise Unfit
    if not changing:
        return None, ()
    before = zip(turns, reads[1:], strict=False)
    positions = {place_of(turn, read[changing[0]]) for turn, read in before}
    position = positions.pop()
    if positions or position is None or position[0] not in _last(turns[0]):
        raise Unfit
    return changing[0], tuple(key_at(turn, position) for turn in turns)


def _last(turn: Group) -> range:
    """The layers of a turn that belong to its last item."""
    count = len(turn.leaves)
    return range(count - len(turn.items[-1].leaves), count)


def _kept(turns: Sequence[Group], exported: Sequence[Key]) -> tuple[tuple[Key, ...], ...]:
    """The results of all turns that go by their place, for each place of which something is read later."""
    found = [position for key in exported for turn in turns if (position := place_of(turn, key)) is not None]
    return tuple(tuple(key_at(turn, position) for turn in turns) for position in dict.fromkeys(found))


def counted_parts(turns: Sequence[Sequence[Item]], variable: str) -> dict[int, Counted]:
    """The parts of names that change with the turn, for each of the items in every turn. Raises: Unfit."""
    parts: dict[int, Counted] = {}
    if len({tuple(map(type, items)) for items in turns}) != 1:
        raise Unfit
    for items in zip(*turns, strict=True):
        paths = [item.path for item in items if isinstance(item, Leaf | Group) and item.path]
        alike = len(paths) == len(turns) and len(set(map(len, paths))) == 1
        for segments in zip(*paths, strict=True) if alike else ():
            part = counted([segment.text for segment in segments], variable)
            if part is not None:
                parts |= dict.fromkeys(map(id, segments), part)
    return parts
