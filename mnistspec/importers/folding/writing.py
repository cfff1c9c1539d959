"""Folded entries as the content of a spec: names and `from` only where they do not go without saying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.importers.folding.items import (
    BEFORE,
    Block,
    Fixed,
    Folded,
    Given,
    Item,
    Ref,
    Shape,
    Source,
    Sources,
    Unlike,
)
from mnistspec.language import SHARE
from mnistspec.structures import filled


def documents(items: Sequence[Item], before: Ref | None, unnamed: frozenset[int] = frozenset()) -> list[Any]:
    """The entries of a list; `unnamed` has the layers, by identity, whose names go without saying."""
    found = []
    for item in items:
        found.append(document(item, before, unnamed))
        before = item.gives if before is not None else None
    return found


def document(item: Item, before: Ref | None, unnamed: frozenset[int] = frozenset()) -> Any:
    """One entry, which stands after `before`."""
    if item.kind == "repeat":
        layers = [document(inner, BEFORE, unnamed) for inner in item.turn]
        return {"repeat": {**item.arguments, "layers": layers}}
    body = {name: value for name, value in item.arguments.items() if name != "call"}
    if item.sources is not None and item.sources not in (before, BEFORE):
        body["from"] = _written(item.sources)
    if "call" in item.arguments:
        body["call"] = item.arguments["call"]
    if item.kind == "use":
        body["prefix"] = item.label
    elif id(item) not in unnamed:
        if item.label is None:
            raise Unlike
        body["name"] = item.label
    return {item.kind: body} if body else item.kind


def _written(sources: Sources) -> Any:
    if isinstance(sources, Mapping):
        return {argument: _given(given) for argument, given in sources.items()}
    return _given(sources) if sources is not None else {}


def _given(given: Given) -> Any:
    if isinstance(given, tuple) and isinstance(given[0], Shape):
        return filled(given[0].value, map(_one, given[1:]), list)
    return [_one(source) for source in given] if isinstance(given, tuple) else _one(given)


def _one(source: Source) -> Any:
    return source.value if isinstance(source, Fixed) else str(source)


def block_document(block: Block) -> dict[str, Any]:
    """A block as `blocks` has it."""
    parts = {"needs": list(block.needs), "params": dict(block.params), "layers": documents(block.items, start(block))}
    return {name: value for name, value in parts.items() if value}


def in_order(folded: Folded) -> list[Block]:
    """The blocks as they are met, those that a block uses before it."""
    known = {block.name: block for block in folded.blocks}
    found: dict[str, Block] = {}

    def meet(items: Sequence[Item]) -> None:
        for item in items:
            meet(item.turn)
            if item.kind == "use" and item.arguments["block"] not in found:
                block = known[item.arguments["block"]]
                meet(block.items)
                found[block.name] = block

    meet(folded.items)
    return list(found.values())


def start(block: Block) -> Ref | None:
    """What the first entry of a block follows on; None where nothing is said of connections."""
    if block.inputs == 0:
        return None
    return Ref("input", "" if block.inputs == 1 else ".0")


def unnamed_layers(items: Sequence[Item], inputs: Sequence[str]) -> frozenset[int]:
    """The layers of the model's own list, by identity, that the language would give the names they have.

    A layer in a repeat is one only if every turn's is. Raises: Unlike where another has no name to write.
    """
    layers = [found for item in items for found in _layers(item, iter(item.nodes))]
    named: set[int] = set()
    while wrong := _otherwise(layers, named, inputs):
        named |= wrong
    if any(item.label is None and id(item) in named for item, _ in layers):
        raise Unlike
    return frozenset(id(item) for item, _ in layers if id(item) not in named)


def _layers(item: Item, names: Iterator[str]) -> Iterator[tuple[Item, str]]:
    """Every layer that an entry stands for, those of used blocks left out, with its name."""
    if item.is_layer:
        yield item, next(names)
    elif item.kind == "use":
        for _ in item.nodes:
            next(names)
    else:
        for _ in range(item.arguments["times"]):
            for inner in item.turn:
                yield from _layers(inner, names)


def _otherwise(layers: Sequence[tuple[Item, str]], named: set[int], inputs: Sequence[str]) -> set[int]:
    """The layers that would get another name than theirs, if those in `named` had theirs written."""
    wrong: set[int] = set()
    taken, counts = set(inputs), dict[str, int]()
    for item, name in layers:
        stem = item.stem
        fresh, count = stem, counts.get(stem, 0)
        if item.kind == SHARE and not count:
            # Calls of a layer again are counted from 1: the layer itself has the name.
            fresh, count = f"{stem}_1", 1
        while fresh in taken:
            count += 1
            fresh = f"{stem}_{count}"
        if id(item) not in named and fresh == name:
            counts[stem] = count
        elif id(item) not in named:
            wrong.add(id(item))
        taken.add(name)
    return wrong
