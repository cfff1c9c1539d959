"""The bodies of nested models, folded like the model's own, with blocks that all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mnistspec.importers.folding.items import Block, Folded, Item
from mnistspec.importers.folding.search import steps
from mnistspec.importers.folding.writing import block_document, in_order
from mnistspec.importers.models import ModelDocument


@dataclass
class InnerBodies:
    """What the nested models of one model come to: the blocks by name, and how many of the models are folded."""

    blocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    folded: int = 0

    def document(self, model: ModelDocument) -> dict[str, Any]:
        """A nested model's section, as short as it was found."""
        *_, last = (Folded(model.items), *steps(model.items, model.before, model.inputs))
        self.folded += last.items != model.items
        names: dict[str, str] = {}
        for block in in_order(last):
            names[block.name] = self._named(block.name, block_document(_renamed_block(block, names)))
        return model.document([_renamed(item, names) for item in last.items])

    def _named(self, wanted: str, body: dict[str, Any]) -> str:
        """The name of the block with this body: one that is there already, or a new one."""
        known = next((name for name, other in self.blocks.items() if other == body), None)
        name, count = known or wanted, 1
        while name in self.blocks and known is None:
            count += 1
            name = f"{wanted}_{count}"
        self.blocks[name] = body
        return name


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    """The entry with the blocks that it uses under their new names."""
    arguments = item.arguments
    if item.kind == "use":
        arguments = {**arguments, "block": names[arguments["block"]]}
    return replace(item, arguments=arguments, turn=tuple(_renamed(inner, names) for inner in item.turn))


def _renamed_block(block: Block, names: Mapping[str, str]) -> Block:
    return replace(block, items=tuple(_renamed(item, names) for item in block.items))
