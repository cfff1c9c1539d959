"""The layers of a plan as the spec groups them: in used blocks, and in the turns of repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TypeAlias

from mnistspec.graph import GraphNode
from mnistspec.plan import LayerStep, Plan
from mnistspec.resolve.scopes import Scope
from mnistspec.source import Span

# What joins the name of a used block to those of its layers, the longest first.
_JOINTS = ("__", "_", ".", "-", "")


@dataclass(eq=False)
class Segment:
    """One part of a layer's name: that of a used block, or the layer's own; `joint` stands before the part after it.

    `written` is where the spec has the layer's own name, or what stands before those of the block.
    """

    text: str
    joint: str = ""
    written: Span | None = None


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
    """The turns of one repeat, without the last where it is not whole."""

    turns: list[Group] = field(default_factory=list)
    is_whole: bool = True

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for turn in self.turns for leaf in turn.leaves)


Item: TypeAlias = "Leaf | Group | Repeat"


def outline_of(plan: Plan, nodes: Sequence[GraphNode], around: int = 0) -> list[Item]:
    """The layers in groups, or one after the other where the order of the plan tears a group apart.

    `around` is in how many scopes the model itself stands.
    """
    entries = [_Entry(place, *entry, around) for place, entry in enumerate(zip(plan.steps, nodes, strict=True))]
    items = list(_items(entries, 0, 0, ()))
    scopes = [id(group.scope) for group in groups_in(items)]
    return (
        items
        if len(set(scopes)) == len(scopes)
        else [Leaf(entry.step, entry.place, (), entry.node.is_named) for entry in entries]
    )


def scopes_around(node: GraphNode) -> list[Scope]:
    """The scopes of the used blocks and of the turns that a node is in, the outermost first."""
    found = [step.scope for step in reversed(node.span.trail)]
    return [scope for scope in found if isinstance(scope, Scope)]


def repeats_in(items: Sequence[Item]) -> Iterator[Repeat]:
    """Every repeat, outer ones first."""
    for item in items:
        yield from [item] if isinstance(item, Repeat) else []
        for group in item.turns if isinstance(item, Repeat) else [item] if isinstance(item, Group) else []:
            yield from repeats_in(group.items)


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
    """A layer on its way into groups; the model that it is in stands in so many scopes that are `around`."""

    place: int
    step: LayerStep
    node: GraphNode
    around: int

    @cached_property
    def scopes(self) -> list[Scope]:
        """What names mean on the way to the layer, the outermost first."""
        return scopes_around(self.node)[self.around :]

    def scope_at(self, depth: int) -> Scope | None:
        return self.scopes[depth] if depth < len(self.scopes) else None

    def path(self, above: Path) -> Path:
        """The parts of the layer's name in Keras; none where another layer's name was in the way."""
        own = Segment(self.node.name.removeprefix(self.node.prefix).replace("/", "__"), written=self.node.name_span)
        whole = "".join(segment.text + segment.joint for segment in (*above, own))
        return (*above, own) if self.step.name == whole else ()


def _items(entries: Sequence[_Entry], depth: int, uses: int, path: Path) -> Iterator[Item]:
    """What stands in so many scopes, `uses` of which are used blocks; `path` has the parts of names so far."""
    repeat = Repeat()
    for scope, found in groupby(entries, lambda entry: entry.scope_at(depth)):
        inside = list(found)
        if repeat.turns and (scope is None or scope.times is not repeat.turns[0].scope.times):
            yield repeat
            repeat = Repeat()
        if scope is None:
            yield from (_leaf(entry, path) for entry in inside)
        elif scope.times is not None:
            repeat.turns.append(Group(scope, list(_items(inside, depth + 1, uses, path))))
        else:
            below = (*path, *_segments(inside[0].node.prefixes[uses], scope))
            yield Group(scope, list(_items(inside, depth + 1, uses + 1, below)), below)
    if repeat.turns:
        yield repeat


def _segments(prefix: str, scope: Scope) -> Path:
    """What a used block adds to the names of its layers, without the signs that join it to them: mostly one part."""
    whole = prefix.replace("/", "__")
    joint = next(joint for joint in _JOINTS if whole.endswith(joint))
    written = scope.prefix.span if scope.prefix is not None else None
    return (Segment(whole.removesuffix(joint), joint, written),) if whole else ()


def _leaf(entry: _Entry, path: Path) -> Leaf:
    return Leaf(entry.step, entry.place, entry.path(path), entry.node.is_named)
