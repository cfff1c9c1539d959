"""The text of an imported spec: the shortest that is known to say the same model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mnistspec.frozen import dataclass
from mnistspec.importers.folding.items import Folded
from mnistspec.importers.folding.search import steps
from mnistspec.importers.folding.writing import block_document, in_order
from mnistspec.importers.layout import spec_layout
from mnistspec.importers.models import ModelDocument
from mnistspec.importers.same import same_model
from mnistspec.layout import laid_out


@dataclass(frozen=True)
class Pages:
    """A spec but for the layers of its model: what stands before `model`, what in it, and what after.

    `blocks` are those that the nested models use; their bodies have been folded.
    """

    begin: Mapping[str, Any]
    model: ModelDocument
    end: Mapping[str, Any]
    blocks: Mapping[str, Any] = field(default_factory=dict)

    def text(self, folded: Folded) -> str:
        """The spec with the layers so folded."""
        known = {**self.blocks, **{block.name: block_document(block) for block in in_order(folded)}}
        blocks = {"blocks": known} if known else {}
        body = {"model": self.model.document(folded.items)}
        return laid_out(spec_layout({**self.begin, **blocks, **body, **self.end}))

    def shortest(self, flat: str) -> str:
        """The shortest text known to mean what the flat one means: folded as far as that holds."""
        model = self.model
        found = [Folded(model.items), *steps(model.items, model.before, model.inputs, frozenset(self.blocks))]
        less = 1
        while found:
            text = self.text(found[-1])
            if text.count("\n") < flat.count("\n") and same_model(text, flat):
                return text
            del found[max(0, len(found) - less) :]
            less *= 2
        return flat
