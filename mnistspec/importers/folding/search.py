"""What to fold: the structure that saves the most lines, again and again, until nothing saves any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mnistspec.importers.folding.block_names import block_name
from mnistspec.importers.folding.blocks import Instance, Window, best_clearness, blocks_of
from mnistspec.importers.folding.candidates import (
    Candidate,
    Place,
    at_like_distances,
    best_first,
    candidates_of,
    of_one_kind,
)  # fmt: skip
from mnistspec.importers.folding.items import BEFORE, Block, Effort, Folded, Item, Ref, Unlike
from mnistspec.importers.folding.repeats import repeat_clearness, repeat_of
from mnistspec.importers.folding.unifying import Known
from mnistspec.importers.folding.writing import block_document, document, start, unnamed_layers
from mnistspec.importers.layout import entry_lines, spec_layout

_ROUNDS = 60
# How many entries are compared for one fold, and for all of them, before the best that was found is taken.
_MOST_EACH = 12_000
_MOST = 150_000
# What is worth less is not folded: a line saved by a fold that reads well is worth it.
_LEAST = 0.9
_INDENT = 6

Lists = Sequence[Sequence[Item]]
# Makes the model with a fold in it.
Change = Callable[[], Folded]


def steps(
    items: Sequence[Item], before: Ref | None, inputs: Sequence[str], taken: frozenset[str] = frozenset()
) -> Iterator[Folded]:
    """The model less and less long, each time with one more structure folded; no block has a name that is `taken`."""
    search = _Search(Folded(tuple(items)), before, inputs, taken)
    for _ in range(_ROUNDS):
        found = search.best()
        if found is None:
            return
        search.state = found
        yield found


class _Search:
    def __init__(self, state: Folded, before: Ref | None, inputs: Sequence[str], taken: frozenset[str]) -> None:
        self.state, self.before, self.inputs = state, before, inputs
        self.sizes: dict[int, tuple[Item, int]] = {}
        self.effort, self.worth = Effort(), _LEAST
        names = {name for item in state.items for name in item.nodes}
        kinds = {item.stem for item in state.items}
        # A use without a name is named after its block: never like a layer.
        self.taken = names | kinds | taken | {name.rstrip("0123456789").rstrip("_") for name in names}

    def best(self) -> Folded | None:
        """The state with the structure folded that saves most."""
        self.worth, found = _LEAST, None
        lists = [self.state.items, *(block.items for block in self.state.blocks)]
        sizes = [[self.lines(item) for item in items] for items in lists]
        # Entries connected over like distances are mostly instances of one structure, others now and then.
        for outline in (at_like_distances, of_one_kind):
            candidates = sorted(candidates_of([outline(items) for items in lists], sizes), key=best_first)
            most = self.effort.spent + _MOST_EACH
            for candidate in candidates:
                if candidate.bound <= self.worth or self.effort.spent > (most if found is not None else _MOST):
                    break
                for own, change in self.tried(candidate, lists):
                    if own > self.worth and self.is_named(state := change()):
                        self.worth, found = own, state
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

    def tried(self, candidate: Candidate, lists: Lists) -> Iterator[tuple[float, Change]]:
        """What a candidate is worth, in each way to fold it, in lines saved; and what makes the model of it."""
        self.effort.spent += 1 + candidate.length * len(candidate.places) // 8
        if candidate.repeats:
            yield from self.repeated(candidate, lists)
            return
        for runs in self.alike(candidate, lists):
            yield from self.blocked(runs, candidate.length, lists)

    def alike(self, candidate: Candidate, lists: Lists) -> Iterator[dict[Place, Instance]]:
        """The runs that are connected in one way together, and those together that also have names of one pattern."""
        wired: dict[Any, dict[Place, Instance]] = {}
        for at, begin in candidate.places:
            instance = Instance(tuple(lists[at][begin : begin + candidate.length]))
            wired.setdefault(instance.wiring, {})[at, begin] = instance
        for group in wired.values():
            if len(group) > 1:
                yield group
                yield from _by_pattern(group)

    def blocked(self, runs: Mapping[Place, Instance], length: int, lists: Lists) -> Iterator[tuple[float, Change]]:
        instances = [*runs.values()]
        sizes = [sum(self.lines(item) for item in instance.window) for instance in instances]
        old = sum(sizes)
        if (old - sizes[0] - len(instances) - 1) * best_clearness(instances) <= self.worth:
            return
        name = block_name(instances, self.taken, self.state.blocks)
        for fold in blocks_of(instances, self.known, name):
            text = spec_layout({"blocks": {name: block_document(fold.block)}})
            new = sum(map(self.lines, fold.uses)) + text.count("\n") - bool(self.state.blocks)
            change = partial(self.replaced, lists, dict(zip(runs, fold.uses, strict=True)), length, (fold.block,))
            yield (old - new) * fold.clearness, change

    def repeated(self, candidate: Candidate, lists: Lists) -> Iterator[tuple[float, Change]]:
        ((at, begin), *_), length = candidate.places, candidate.length
        turns: list[Window] = [tuple(lists[at][place : place + length]) for _, place in candidate.places]
        first = 0
        while first < len(turns) - 1:
            place = begin + first * length
            before = lists[at][place - 1].gives if place else self.start_of(at)
            whole = self.longest(turns, first, before if turns[0][0].sources is not None else None, at == 0)
            if whole is not None:
                count = whole.arguments["times"]
                old = sum(self.lines(item) for turn in turns[first : first + count] for item in turn)
                change = partial(self.replaced, lists, {(at, place): whole}, length * count)
                yield (old - self.lines(whole)) * repeat_clearness(whole), change
                first += count - 2
            first += 1

    def longest(self, turns: Sequence[Window], first: int, before: Ref | None, numbered: bool) -> Item | None:
        """The repeat of as many turns, from the first on, as can be said by one: fewer can if more can."""
        found, least, most = None, 2, len(turns) - first
        # Two turns may differ in ways that only three show to be even.
        count = min(3, most)
        while least <= most:
            self.effort.spent += len(turns[0])
            try:
                found = repeat_of(turns[first : first + count], before, self.known, numbered=numbered)
                least, count = count + 1, most if count <= 3 else (count + 1 + most) // 2
            except Unlike:
                most = count - 1
                count = (least + most) // 2
        return found

    @property
    def known(self) -> Known:
        return Known({block.name: block.params for block in self.state.blocks}, self.effort)

    def start_of(self, at: int) -> Ref | None:
        return start(self.state.blocks[at - 1]) if at else self.before

    def replaced(self, lists: Lists, new: Mapping[Place, Item], length: int, blocks: tuple[Block, ...] = ()) -> Folded:
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


def _by_pattern(runs: Mapping[Place, Instance]) -> Iterator[dict[Place, Instance]]:
    groups: dict[Any, dict[Place, Instance]] = {}
    for place, instance in runs.items():
        groups.setdefault(instance.pattern, {})[place] = instance
    if len(groups) > 1:
        yield from (group for group in groups.values() if len(group) > 1)
