"""The uses of a block, and the function that they come to: its first lines, and the order of what it returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mnistspec.exporters.python_source.layout import call, statement, tight
from mnistspec.exporters.python_source.loops import Place
from mnistspec.exporters.python_source.outline import Group, Item, groups_in
from mnistspec.frozen import dataclass
from mnistspec.nodes import ScalarNode, SequenceNode


@dataclass(frozen=True)
class BlockFunction:
    """A block as a function: its name, the parameters it has with the names in it, defaults as code, and its lines.

    A default stands with the code of its value. `is_named` says whether the layers in it are given names. What it
    returns goes by the places of the layers in the block.
    """

    name: str
    parameters: Mapping[str, str]
    defaults: Mapping[str, tuple[str, str]]
    is_named: bool
    returned: tuple[Place, ...]
    lines: tuple[str, ...]


def in_order(places: Iterable[Place], use: Group) -> tuple[Place, ...]:
    """What a function returns in the order in which the block lists its outputs, what it does not list last."""
    listed = _listed_outputs(use)
    names = [leaf.path[-1].text if leaf.path else "" for leaf in use.leaves]

    def rank(place: Place) -> tuple[int, int, int]:
        own = names[place[0]]
        return (
            listed.index(own) if own in listed else len(listed),
            place[0],
            -1 if place[1] is None else place[1],
        )

    return tuple(sorted(places, key=rank))


def _listed_outputs(use: Group) -> list[str]:
    """The nodes that a block says it gives, in its order."""
    listed = use.scope.outputs
    items = listed.items if isinstance(listed, SequenceNode) else (listed,)
    return [str(item.value).partition(".")[0] for item in items if isinstance(item, ScalarNode)]


def most_alike(uses: Sequence[Group]) -> list[Group]:
    """The uses that have as many layers as most of them: others may lack some that nothing reads."""
    sizes = [len(use.leaves) for use in uses]
    usual = max(sizes, key=lambda size: (sizes.count(size), size))
    return [use for use, size in zip(uses, sizes, strict=True) if size == usual]


def usual(default: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The ways to say a default, each with its value."""
    return default, (default[1], default[1])


def from_inside(outline: Sequence[Item]) -> Iterator[list[Group]]:
    """The uses of each block, of those blocks first that no other uses in them depend on."""
    uses: dict[str, list[Group]] = {}
    for group in groups_in(outline):
        if group.scope.block is not None:
            uses.setdefault(group.scope.block, []).append(group)
    done: set[str] = set()
    while len(done) < len(uses):
        for block, found in uses.items():
            inner = {one.scope.block for use in found for one in groups_in(use.items)} - {None}
            if block not in done and inner <= done:
                done.add(block)
                yield found


def head(
    name: str, tensors: Sequence[str], parameters: Mapping[str, str], defaults: Mapping[str, tuple[str, str]],
    *, is_named: bool,
) -> list[str]:  # fmt: skip
    needed = [own for parameter, own in parameters.items() if parameter not in defaults]
    given = [f"{own}={defaults[parameter][0]}" for parameter, own in parameters.items() if parameter in defaults]
    arguments = [*tensors, *needed, *(["name"] if is_named else []), *given]
    return statement(tight(call(name, arguments)), "def ", ":", depth=0)
