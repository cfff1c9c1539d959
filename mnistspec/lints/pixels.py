"""Pixels left in 0..255."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.graph import array_for
from mnistspec.infer import TypedGraph
from mnistspec.spec import Spec

# Layers that bring pixels to a range themselves, or that expect 0..255.
_SCALING = frozenset(["Rescaling", "Normalization", "BatchNormalization", "LayerNormalization"])
# Layers in front of the scaling that leave the range as it is.
_TRANSPARENT_PREFIXES = ("Random", "Resizing", "CenterCrop", "Flatten", "Reshape", "Permute", "ZeroPadding", "Cropping")


def pixels(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Inputs of up to 255 make the first steps wild; most models learn slowly from them or not at all."""
    return tuple(_of(typed, spec))


def _of(typed: TypedGraph, spec: Spec) -> Iterator[Diagnostic]:
    facts = typed.graph.facts
    if facts is None or spec.data is None:
        return
    for given in typed.graph.inputs:
        array = array_for(given.name, facts, len(typed.graph.inputs))
        is_picture = array is not None and array.shape is not None and len(array.shape) >= 2 and array.maximum == 255
        if is_picture and not _scaled(typed, given.name):
            span = given.span or spec.data.source.span
            yield Diagnostic("W505", f"the pixels of `{given.name}` go into the model as 0..255", span,
                             "add `{rescale: 255}` to `data.prepare.x`")  # fmt: skip


def _scaled(typed: TypedGraph, name: str) -> bool:
    """Whether every path from the input meets a layer that scales before one that does not."""
    for node in typed.graph.nodes:
        if all(port.node != name for port in node.sources()) or node.call is None:
            continue
        if node.call.name in _SCALING:
            continue
        if not node.call.name.startswith(_TRANSPARENT_PREFIXES) or not _scaled(typed, node.name):
            return False
    return True
