"""Instances of one structure as a block, and as the uses that stand in their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from mnistspec.frozen import dataclass
from mnistspec.importers.folding.items import BEFORE, Block, Item, Ref, Unlike, values_free
from mnistspec.importers.folding.terms import Parameters, alike
from mnistspec.importers.folding.unifying import Known, Unifier

Window = tuple[Item, ...]
_NUMBERS = re.compile(r"[0-9]+")
_BOUNDARY = re.compile(r".*[_/.-]", re.DOTALL)
# How much is saved lines are worth where names are put together from parameters.
_WITH_NUMBERS = 0.45
_WITH_TEXTS = 0.25


class Instance:
    """One of the runs of entries that a block is to stand for: its nodes, and what it reads from outside."""

    def __init__(self, window: Window) -> None:
        self.window = window

    @cached_property
    def places(self) -> dict[str, int]:
        """The nodes in their order."""
        return {name: place for place, name in enumerate(name for item in self.window for name in item.nodes)}

    @cached_property
    def inputs(self) -> dict[Ref, int]:
        """What is read from outside, in the order in which it is met."""
        outer = (ref for item in self.window for ref in item.refs if ref.node not in self.places and ref != BEFORE)
        return {ref: place for place, ref in enumerate(dict.fromkeys(outer))}

    @cached_property
    def wiring(self) -> Any:
        """How the entries are connected: where sources stand in the run, or in which order they come from outside."""
        places, inputs = self.places, self.inputs
        found = [
            (places[ref.node], ref.index) if ref.node in places else -1 - inputs.get(ref, -1)
            for item in self.window
            for ref in item.refs
        ]
        return tuple(found), len(places)

    @cached_property
    def pattern(self) -> tuple[str, ...]:
        """The names without their numbers and without what they all begin with."""
        skip = len(self.prefix)
        return tuple(_NUMBERS.sub("#", (item.label or "")[skip:]) for item in self.window)

    @cached_property
    def prefix(self) -> str:
        """What the names of all nodes begin with, up to a mark that parts words."""
        labels = [item.label for item in self.window if item.label is not None]
        names = [name for item in self.window for name in item.nodes]
        common = _common([*names, *labels]).partition("${")[0]
        found = _BOUNDARY.match(common)
        return found.group() if found else ""


def _common(names: Sequence[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    apart = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(apart, min(len(first), len(last)))]


def _prefixes(instances: Sequence[Instance]) -> list[tuple[str, ...]]:
    """The ways to part names into a prefix for each use and a rest: with prefixes where these differ, and without."""
    own = tuple(instance.prefix for instance in instances)
    bare = tuple("" for _ in instances)
    return [bare] if alike(own) or not all(own) else [own, bare]


class _BlockUnifier(Unifier):
    def __init__(self, instances: Sequence[Instance], known: Known, prefixes: Sequence[str]) -> None:
        self.parameters = Parameters()
        super().__init__(self.parameters, known, closed=True, prefixes=prefixes)
        self.instances = instances
        self.names = [list(instance.places) for instance in instances]
        self.called: dict[int, str] = {}

    def own_label(self, items: Sequence[Item]) -> str | None:
        if items[0].is_layer and items[0].label is None:
            raise Unlike
        return super().own_label(items)

    def nodes(self, items: Sequence[Item], place: int) -> tuple[str, ...]:
        if self.depth:
            return tuple(f"?{place}" for place in range(len(items[0].nodes)))
        first = self.instances[0].places[items[0].nodes[0]]
        return tuple(self.called.get(first + step, f"?{first + step}") for step in range(len(items[0].nodes)))

    def follow(self, refs: Sequence[Ref], place: int) -> Ref:
        if len({ref.index for ref in refs}) > 1 and not all(map(self._is_outer, refs, self.instances)):
            raise Unlike
        if self.depth and any("${" in ref.node for ref in refs):
            return Ref(self.label([ref.node for ref in refs], "node"), refs[0].index)
        if all(map(self._is_outer, refs, self.instances)):
            given = {instance.inputs.get(ref) for ref, instance in zip(refs, self.instances, strict=True)}
            return self._input(given)
        places = {instance.places.get(ref.node) for ref, instance in zip(refs, self.instances, strict=True)}
        if len(places) > 1 or None in places:
            raise Unlike
        return Ref(self.node(places.pop() or 0), refs[0].index)

    def _is_outer(self, ref: Ref, instance: Instance) -> bool:
        return ref.node not in instance.places

    def _input(self, given: set[int | None]) -> Ref:
        if len(given) > 1 or None in given:
            raise Unlike
        return Ref("input", "" if len(self.instances[0].inputs) == 1 else f".{given.pop()}")

    def node(self, place: int) -> str:
        """The name that a node has in the block."""
        if place not in self.called:
            owner = next(item for item in self.instances[0].window if self.names[0][place] in item.nodes)
            hint = owner.stem if owner.is_layer else "node"
            self.called[place] = self.label([names[place] for names in self.names], hint)
        return self.called[place]

    def body(self) -> tuple[Item, ...]:
        """The block's entries."""
        columns = [*zip(*(instance.window for instance in self.instances), strict=True)]
        items = [self.item(column, place) for place, column in enumerate(columns)]
        # Names that were asked for later than the entry was made are put in now.
        return tuple(replace(item, nodes=self.nodes(column, 0)) for item, column in zip(items, columns, strict=True))


@dataclass(frozen=True)
class Fold:
    """A block, a use for each of its instances, and how well it reads: 1 where a prefix says all that names say."""

    block: Block
    uses: tuple[Item, ...]
    clearness: float


def best_clearness(instances: Sequence[Instance]) -> float:
    """How well a block of these reads at best: names that differ otherwise than by a prefix need parameters."""
    prefixes = [instance.prefix for instance in instances]
    return 1.0 if all(prefixes) and not alike(prefixes) else _WITH_NUMBERS


def blocks_of(instances: Sequence[Instance], known: Known, name: str) -> list[Fold]:
    """The ways to say the instances as a block."""
    if len({len(instance.inputs) for instance in instances}) > 1:
        return []
    found = []
    for prefixes in _prefixes(instances):
        try:
            found.append(_block(instances, known, prefixes, name))
        except Unlike:
            continue
    return found


def _block(instances: Sequence[Instance], known: Known, prefixes: Sequence[str], name: str) -> Fold:
    unifier = _BlockUnifier(instances, known, prefixes)
    items = unifier.body()
    needed = {name for item in items for name in _names_in(item)}
    vectors = {name: values for name, values in unifier.parameters.vectors.items() if name in needed}
    usual = {name: value for name, values in vectors.items() if (value := _usual(values)) is not None}
    params = {name: usual[name][0] for name in usual}
    needs = tuple(name for name in vectors if name not in params)
    inputs = len(instances[0].inputs)
    uses = [_use(name, instance, prefixes[at], _given(vectors, params, at)) for at, instance in enumerate(instances)]
    clearness = _WITH_TEXTS if unifier.parameters.texts else _WITH_NUMBERS if unifier.parameters.in_names else 1.0
    return Fold(Block(name, params, needs, items, inputs), tuple(uses), clearness)


def _names_in(item: Item) -> set[str]:
    """The parameters that an entry names."""
    refs = [ref.node for ref in item.refs]
    return values_free([item.label, dict(item.arguments), refs]).union(*map(_names_in, item.turn))


def _usual(values: Sequence[Any]) -> tuple[Any] | None:
    """The value that at least half of the uses give, and so need not; one that means something everywhere."""
    counts = Counter(map(repr, values))
    text, count = counts.most_common(1)[0]
    value = next(value for value in values if repr(value) == text)
    return (value,) if 2 * count >= len(values) and count > 1 and not values_free(value) else None


def _given(vectors: Mapping[str, Sequence[Any]], params: Mapping[str, Any], at: int) -> dict[str, Any]:
    given = {name: values[at] for name, values in vectors.items()}
    return {name: value for name, value in given.items() if name not in params or not alike([value, params[name]])}


def _use(block: str, instance: Instance, prefix: str, given: Mapping[str, Any]) -> Item:
    arguments = {"block": block, **({"with": dict(given)} if given else {})}
    refs = tuple(instance.inputs)
    return Item("use", prefix, arguments, refs[0] if len(refs) == 1 else refs or None, tuple(instance.places))
