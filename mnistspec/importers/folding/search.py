"""What to fold: the structure that saves the most lines, again and again, until nothing saves any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mnistspec.graph import snake_case
from mnistspec.importers.folding.blocks import Window, block_name, blocks_of
from mnistspec.importers.folding.items import BEFORE, Block, Folded, Item, Ref, Sources, Unlike
from mnistspec.importers.folding.repeats import repeat_of
from mnistspec.importers.folding.writing import block_document, document, start, unnamed_layers
from mnistspec.importers.layout import entry_lines, spec_layout

# Of the structures that might save the most, how many are tried before the best of them is taken.
_TRIED = 150
_ROUNDS = 60
_LONGEST = 400
_INDENT = 6

# Where a run of entries begins: which list, and where in it.
Place = tuple[int, int]


@dataclass(frozen=True)
class _Candidate:
    """Runs of `length` entries with one outline; `bound` is the most lines that folding them may save."""

    bound: int
    length: int
    places: tuple[Place, ...]
    repeats: bool


def steps(items: Sequence[Item], before: Ref | None, inputs: Sequence[str]) -> Iterator[Folded]:
    """The model less and less long, each time with one more structure folded."""
    search = _Search(Folded(tuple(items)), before, inputs)
    for _ in range(_ROUNDS):
        found = search.best()
        if found is None:
            return
        search.state = found
        yield found


class _Search:
    def __init__(self, state: Folded, before: Ref | None, inputs: Sequence[str]) -> None:
        self.state, self.before, self.inputs = state, before, inputs
        self.sizes: dict[int, tuple[Item, int]] = {}
        names = {name for item in state.items for name in item.nodes}
        kinds = {snake_case(item.kind) for item in state.items}
        # A use without a name is named after its block: never like a layer.
        self.taken = names | kinds | {name.rstrip("0123456789").rstrip("_") for name in names}

    def best(self) -> Folded | None:
        """The state with the structure folded that saves most."""
        saved, found = 0, None
        lists = [self.state.items, *(block.items for block in self.state.blocks)]
        candidates = sorted(self.candidates(lists), key=lambda c: (-c.bound, c.length, c.places))
        for candidate in candidates[:_TRIED]:
            if candidate.bound <= saved:
                break
            for own, state in self.tried(candidate, lists):
                if own > saved and self.is_named(state):
                    saved, found = own, state
        return found

    def is_named(self, state: Folded) -> bool:
        try:
            unnamed_layers(state.items, self.inputs)
        except Unlike:
            return False
        return True

    def lines(self, item: Item) -> int:
        """How many lines an entry takes."""
        if id(item) not in self.sizes:
            plain = item if item.label is not None or not item.is_layer else replace(item, label="name")
            self.sizes[id(item)] = item, len(entry_lines(_sized(plain), _INDENT))
        return self.sizes[id(item)][1]

    def candidates(self, lists: Sequence[Sequence[Item]]) -> Iterator[_Candidate]:
        numbers: dict[Any, int] = {}
        outlines = [[numbers.setdefault(_outline(item), len(numbers)) for item in items] for items in lists]
        sums = [_sums([self.lines(item) for item in items]) for items in lists]
        yield from _windows(outlines, sums)
        yield from _runs(outlines, sums)

    def tried(self, candidate: _Candidate, lists: Sequence[Sequence[Item]]) -> Iterator[tuple[int, Folded]]:
        """How many lines a candidate saves, in each way to fold it, and what the model then is."""
        if candidate.repeats:
            yield from self.repeated(candidate, lists)
            return
        for places in self.alike(candidate, lists):
            yield from self.blocked(places, candidate.length, lists)

    def alike(self, candidate: _Candidate, lists: Sequence[Sequence[Item]]) -> Iterator[tuple[Place, ...]]:
        """The runs together, and those together that also have names of one pattern."""
        groups: dict[Any, list[Place]] = {}
        wiring: dict[Any, list[Place]] = {}
        for at, begin in candidate.places:
            window = lists[at][begin : begin + candidate.length]
            wired = _wiring(window)
            wiring.setdefault(wired, []).append((at, begin))
            groups.setdefault((wired, _pattern(window)), []).append((at, begin))
        found = dict.fromkeys(tuple(group) for group in (*wiring.values(), *groups.values()) if len(group) > 1)
        yield from found

    def blocked(
        self, places: Sequence[Place], length: int, lists: Sequence[Sequence[Item]]
    ) -> Iterator[tuple[int, Folded]]:
        windows: list[Window] = [tuple(lists[at][begin : begin + length]) for at, begin in places]
        defaults = {block.name: block.params for block in self.state.blocks}
        name = block_name(windows, self.taken | defaults.keys())
        for block, uses in blocks_of(windows, defaults, name):
            old = sum(self.lines(item) for window in windows for item in window)
            new = sum(map(self.lines, uses)) + len(spec_layout({"blocks": {name: block_document(block)}}).split("\n")) - 2
            new += 1 if not self.state.blocks else 0
            yield old - new, self.replaced(lists, dict(zip(places, uses, strict=True)), length, (block,))

    def repeated(self, candidate: _Candidate, lists: Sequence[Sequence[Item]]) -> Iterator[tuple[int, Folded]]:
        ((at, begin), *_), length = candidate.places, candidate.length
        items = lists[at]
        turns: list[Window] = [tuple(items[place : place + length]) for _, place in candidate.places]
        defaults = {block.name: block.params for block in self.state.blocks}
        for first in range(len(turns) - 1):
            place = begin + first * length
            before = items[place - 1].gives if place else self.start_of(at)
            before = before if turns[0][0].sources is not None else None
            for count in range(len(turns) - first, 1, -1):
                try:
                    whole = repeat_of(turns[first : first + count], before, defaults, numbered=at == 0)
                except Unlike:
                    continue
                old = sum(self.lines(item) for turn in turns[first : first + count] for item in turn)
                yield old - self.lines(whole), self.replaced(lists, {(at, place): whole}, length * count)
                break

    def start_of(self, at: int) -> Ref | None:
        return start(self.state.blocks[at - 1]) if at else self.before

    def replaced(
        self, lists: Sequence[Sequence[Item]], new: Mapping[Place, Item], length: int, blocks: tuple[Block, ...] = ()
    ) -> Folded:
        """The model with entries in the place of runs of others, and with blocks more."""
        changed = [_replaced(items, {begin: item for (at, begin), item in new.items() if at == index}, length)
                   for index, items in enumerate(lists)]  # fmt: skip
        own = [replace(block, items=items) for block, items in zip(self.state.blocks, changed[1:], strict=True)]
        return Folded(changed[0], (*blocks, *own))


def _sized(item: Item) -> Any:
    return document(item, BEFORE, frozenset(id(inner) for inner in _nameless(item)))


def _nameless(item: Item) -> Iterator[Item]:
    if item.is_layer and item.label is None:
        yield item
    for inner in item.turn:
        yield from _nameless(inner)


def _replaced(items: Sequence[Item], new: Mapping[int, Item], length: int) -> tuple[Item, ...]:
    covered = {place for begin in new for place in range(begin, begin + length)}
    kept = (new.get(place, item) for place, item in enumerate(items) if place in new or place not in covered)
    return tuple(kept)


def _outline(item: Item) -> Any:
    """What instances of one structure have in common whatever their arguments and names."""
    block = item.arguments.get("block") if item.kind == "use" else None
    return item.kind, block, _form(item.sources), tuple(map(_outline, item.turn))


def _form(sources: Sources) -> Any:
    if isinstance(sources, Mapping):
        return tuple((name, _form(given)) for name, given in sources.items())
    return len(sources) if isinstance(sources, tuple) else sources is None


def _wiring(window: Sequence[Item]) -> Any:
    """How the entries of a run are connected, by where sources stand in it, or in which order they come in."""
    places = {name: place for place, name in enumerate(name for item in window for name in item.nodes)}
    outer: dict[Ref, int] = {}
    found = []
    for item in window:
        for ref in item.refs():
            known = places.get(ref.node)
            found.append((known, ref.index) if known is not None else (-1 - outer.setdefault(ref, len(outer)), ""))
    return tuple(found), len(places)


def _pattern(window: Sequence[Item]) -> Any:
    """The names in a run without their numbers and without what they all begin with."""
    from mnistspec.importers.folding.blocks import Instance

    skip = len(Instance(tuple(window)).prefix)
    return tuple("".join("#" if c.isdigit() else c for c in (item.label or "")[skip:]) for item in window)


def _sums(sizes: Sequence[int]) -> list[int]:
    total = [0]
    for size in sizes:
        total.append(total[-1] + size)
    return total


def _windows(outlines: Sequence[Sequence[int]], sums: Sequence[Sequence[int]]) -> Iterator[_Candidate]:
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
            if len(apart) > 1:
                (at, begin) = apart[0]
                size = sums[at][begin + length] - sums[at][begin]
                yield _Candidate((len(apart) - 1) * size - len(apart) - 1, length, tuple(apart), False)
        if not current:
            return


def _apart(places: Sequence[Place], length: int) -> list[Place]:
    """The places, from the first on, of which none reaches into the next."""
    kept: list[Place] = []
    for at, begin in places:
        if not kept or kept[-1][0] != at or begin >= kept[-1][1] + length:
            kept.append((at, begin))
    return kept


def _runs(outlines: Sequence[Sequence[int]], sums: Sequence[Sequence[int]]) -> Iterator[_Candidate]:
    """Structures that follow on each other, from every place that begins a longest run of them."""
    for at, list_ in enumerate(outlines):
        for length in range(1, min(len(list_) // 2, _LONGEST) + 1):
            reach = 0
            for begin in range(len(list_) - length - 1, -1, -1):
                reach = reach + 1 if list_[begin] == list_[begin + length] else 0
                starts = begin == 0 or list_[begin - 1] != list_[begin - 1 + length]
                if reach >= length and starts:
                    yield from _offsets(at, begin, length, reach, sums[at])


def _offsets(at: int, begin: int, length: int, reach: int, sums: Sequence[int]) -> Iterator[_Candidate]:
    """The ways to cut a run into turns, by where the first begins."""
    for offset in range(min(length, reach - length + 1)):
        count = 1 + (reach - offset) // length
        first = begin + offset
        bound = sums[first + count * length] - sums[first] - 1
        yield _Candidate(bound, length, tuple((at, first + turn * length) for turn in range(count)), True)
