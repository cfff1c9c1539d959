"""Which layers of a plan read what others give, across the borders of blocks and of turns."""

from __future__ import annotations

from typing import TypeAlias

from mnistspec.exporters.python_source.outline import Item, Leaf
from mnistspec.graph import Port
from mnistspec.plan import LayerStep, Plan

# What a node gives: one of its outputs where it has several, else None.
Key: TypeAlias = "tuple[str, int | None]"


class Flow:
    """Who reads what. In a sequential model nobody names it: each layer reads the one before."""

    def __init__(self, plan: Plan, several: frozenset[str]) -> None:
        self.several = several
        self.sequential = plan.kind == "sequential"
        self.outputs = [self.key(port) for port in plan.outputs]
        self.readers: dict[str, list[tuple[int, Key]]] = {}
        for place, step in enumerate(plan.steps):
            for key in self.of_step(step):
                self.readers.setdefault(key[0], []).append((place, key))
        for key in self.outputs:
            self.readers.setdefault(key[0], []).append((len(plan.steps), key))
        made = {step.name: place for place, step in enumerate(plan.steps)}
        self.shared = [(made[step.shares], place) for place, step in enumerate(plan.steps) if step.shares is not None]

    def key(self, port: Port) -> Key:
        """What a port stands for."""
        return port.node, port.output if port.node in self.several else None

    def of_step(self, step: LayerStep) -> list[Key]:
        """What a step reads, in order, each once."""
        return list(dict.fromkeys(map(self.key, step.sources())))

    def reads(self, item: Item) -> list[Key]:
        """What an item reads of others, in order, each once."""
        if self.sequential:
            return []
        own = {leaf.step.name for leaf in item.leaves}
        found = dict.fromkeys(key for leaf in item.leaves for key in self.of_step(leaf.step))
        return [key for key in found if key[0] not in own]

    def exports(self, item: Item) -> list[Key]:
        """What others read of an item, in order, each once."""
        if self.sequential:
            return []
        own = {leaf.place for leaf in item.leaves}
        found: dict[Key, None] = {}
        for leaf in item.leaves:
            read = [key for place, key in self.readers.get(leaf.step.name, ()) if place not in own]
            found |= dict.fromkeys(sorted(read, key=lambda key: -1 if key[1] is None else key[1]))
        return list(found)

    def shares_across(self, item: Item) -> bool:
        """Whether a layer is made on one side of the item's border and called again on the other."""
        own = {leaf.place for leaf in item.leaves}
        return any((maker in own) != (caller in own) for maker, caller in self.shared)

    def is_shared(self, leaf: Leaf) -> bool:
        """Whether the layer is called again somewhere."""
        return any(maker == leaf.place for maker, _ in self.shared)
