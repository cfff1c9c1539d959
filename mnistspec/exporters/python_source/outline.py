"""The layers of a plan as the spec groups them: in used blocks, and in the turns of repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, takewhile
from typing import TypeAlias

from mnistspec.graph import GraphNode
from mnistspec.plan import LayerStep, Plan
from mnistspec.resolve.scopes import Scope


@dataclass(eq=False)
class Segment:
    """One part of a layer's name: that of a used block, or the layer's own."""

    text: str


# The parts of a name, those of the used blocks first.
Path: TypeAlias = tuple[Segment, ...]


@dataclass(eq=False)
class Leaf:
    """One layer, and its place in the plan; `path` is empty where its name is not made of parts."""

    step: LayerStep
    place: int
    path: Path
    is_named: bool

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        return (self,)


@dataclass(eq=False)
class Group:
    """What a used block, or a turn of a repeat, consists of; `scope` is what names mean in it."""

    scope: Scope
    items: list[Item]
    path: Path = ()

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for item in self.items for leaf in item.leaves)


@dataclass(eq=False)
class Repeat:
    """The turns of one repeat."""

    turns: list[Group] = field(default_factory=list)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for turn in self.turns for leaf in turn.leaves)


Item: TypeAlias = "Leaf | Group | Repeat"


def outline_of(plan: Plan, nodes: Sequence[GraphNode]) -> list[Item]:
    """The layers in groups, or one after the other where the order of the plan tears a group apart.

    Used blocks in which names have a prefix of the spec's own are no groups: their names have no parts.
    """
    entries = [_Entry(place, *entry) for place, entry in enumerate(zip(plan.steps, nodes, strict=True))]
    prefixed = {id(entry.use) for entry in entries if not entry.is_whole}
    entries = [replace(entry, apart=True) if id(entry.use) in prefixed else entry for entry in entries]
    items = list(_items(entries, 0, ()))
    scopes = [id(group.scope) for group in groups_in(items)]
    return (
        items
        if len(set(scopes)) == len(scopes)
        else [Leaf(entry.step, entry.place, (), entry.node.is_named) for entry in entries]
    )


def groups_in(items: Sequence[Item]) -> Iterator[Group]:
    """Every used block and every turn, outer ones first."""
    for item in items:
        if isinstance(item, Repeat):
            for turn in item.turns:
                yield turn
                yield from groups_in(turn.items)
        elif isinstance(item, Group):
            yield item
            yield from groups_in(item.items)


@dataclass(frozen=True)
class _Entry:
    """A layer on its way into groups; where it is `apart`, into those of the repeats alone that no block is around."""

    place: int
    step: LayerStep
    node: GraphNode
    apart: bool = False

    @cached_property
    def scopes(self) -> list[Scope]:
        """What names mean on the way to the layer, the outermost first."""
        found = [step.scope for step in reversed(self.node.span.trail)]
        scopes = [scope for scope in found if isinstance(scope, Scope)]
        return list(takewhile(lambda scope: scope.block is None, scopes)) if self.apart else scopes

    @property
    def use(self) -> Scope | None:
        """What names mean in the outermost of the used blocks that the layer is in."""
        return next((scope for scope in self.scopes if scope.block is not None), None)

    def scope_at(self, depth: int) -> Scope | None:
        return self.scopes[depth] if depth < len(self.scopes) else None

    @cached_property
    def names(self) -> list[str]:
        """The names of the used blocks that the layer is in, then its own."""
        if self.apart:
            return [self.node.name]
        return [*self.node.prefix.split("/")[:-1], self.node.name.removeprefix(self.node.prefix)]

    @property
    def is_whole(self) -> bool:
        """Whether each of the blocks has one part of the name."""
        return len([scope for scope in self.scopes if scope.block is not None]) == len(self.names) - 1

    def path(self, above: Path) -> Path:
        """The parts of the layer's name in Keras; none where another layer's name was in the way."""
        clear = self.step.name == "__".join(self.names).replace("/", "__")
        return (*above, Segment(self.names[-1].replace("/", "__"))) if clear else ()


def _items(entries: Sequence[_Entry], depth: int, path: Path) -> Iterator[Item]:
    repeat = Repeat()
    for scope, found in groupby(entries, lambda entry: entry.scope_at(depth)):
        inside = list(found)
        if repeat.turns and (scope is None or scope.times is not repeat.turns[0].scope.times):
            yield repeat
            repeat = Repeat()
        if scope is None:
            yield from (_leaf(entry, path) for entry in inside)
        elif scope.times is not None:
            repeat.turns.append(Group(scope, list(_items(inside, depth + 1, path))))
        else:
            below = (*path, Segment(inside[0].names[len(path)]))
            yield Group(scope, list(_items(inside, depth + 1, below)), below)
    if repeat.turns:
        yield repeat


def _leaf(entry: _Entry, path: Path) -> Leaf:
    return Leaf(entry.step, entry.place, entry.path(path), entry.node.is_named)
