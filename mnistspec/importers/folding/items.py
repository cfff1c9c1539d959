"""What is folded: entries of lists of layers, in a form that does not ask what an entry is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from mnistspec.graph import snake_case
from mnistspec.language import SHARE

# An expression in a text; `$${` is the characters.
EXPRESSION = re.compile(r"(?<!\$)\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_]\w*")


class Unlike(Exception):
    """Entries cannot be said by one text."""


@dataclass(frozen=True)
class Ref:
    """What `from` names: a node by the name it has in the list, and which of its outputs (`.1`)."""

    node: str
    index: str = ""

    def __str__(self) -> str:
        return self.node + self.index


# The node before, whatever its name.
BEFORE = Ref("")


@dataclass(frozen=True)
class Fixed:
    """A constant in the place of a node, as a spec has it; None for no node."""

    value: Any


@dataclass(frozen=True)
class Shape(Fixed):
    """Before what an argument is given in maps, or in lists inside a list: its structure, the places of the others."""


# What one call argument is given, and what an entry is given: None in a sequential model.
Source: TypeAlias = Ref | Fixed
Given: TypeAlias = Source | tuple[Source, ...]
Sources: TypeAlias = Given | Mapping[int | str, Given] | None


@dataclass(frozen=True, eq=False)
class Item:
    """An entry of a list: a layer, a use of a block, or a repeat with the entries of its `turn`.

    `label` is a layer's name or a use's prefix; None where only the language's own numbering says it. `nodes` are the
    names, in the list, of all nodes that the entry stands for; what follows is called on the last of them.
    """

    kind: str
    label: str | None
    arguments: Mapping[str, Any]
    sources: Sources
    nodes: tuple[str, ...]
    turn: tuple[Item, ...] = ()

    @property
    def gives(self) -> Ref:
        return Ref(self.nodes[-1])

    @property
    def stem(self) -> str:
        """What the language names a layer after: its class, the function, or the layer that it calls again."""
        word = self.arguments["layer"] if self.kind == SHARE else snake_case(self.kind.rpartition(".")[2])
        return str(word)

    @property
    def is_layer(self) -> bool:
        return self.kind not in ("use", "repeat")

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every reference of the entry, those of a repeat's turn not."""
        given = self.sources.values() if isinstance(self.sources, Mapping) else (self.sources,)
        sources = (source for one in given for source in (one if isinstance(one, tuple) else (one,)))
        return tuple(source for source in sources if isinstance(source, Ref))


@dataclass
class Effort:
    """How many entries have been compared: what bounds the search, the same on every machine."""

    spent: int = 0


@dataclass(frozen=True)
class Block:
    """A block: parameters with their defaults, those that are needed, and the entries in it."""

    name: str
    params: Mapping[str, Any]
    needs: tuple[str, ...]
    items: tuple[Item, ...]
    inputs: int


@dataclass(frozen=True)
class Folded:
    """The entries of a model and the blocks that they use."""

    items: tuple[Item, ...]
    blocks: tuple[Block, ...] = ()


def free_names(text: str) -> set[str]:
    """The names that the expressions in a text need."""
    return {name for found in EXPRESSION.finditer(text) for name in _NAME.findall(found.group(1))}


def texts(value: Any) -> Iterator[str]:
    """Every string in a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def values_free(value: Any) -> set[str]:
    """The names that the expressions in a value need."""
    return {name for text in texts(value) if "${" in text for name in free_names(text)}
