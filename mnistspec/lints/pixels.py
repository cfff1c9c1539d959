"""Pixels left in 0..255."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.infer import TypedGraph
from mnistspec.lints.inputs import fed, first_layers
from mnistspec.spec import Call, Spec
from mnistspec.wrapping import wrapped

# Layers that bring pixels to a range themselves, or that expect 0..255.
_SCALING = frozenset(["Rescaling", "Normalization", "BatchNormalization", "LayerNormalization"])


def pixels(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Inputs of up to 255 make the first steps wild; most models learn slowly from them or not at all."""
    return tuple(_of(typed, spec))


def _of(typed: TypedGraph, spec: Spec) -> Iterator[Diagnostic]:
    if spec.data is None:
        return
    for given, array in fed(typed):
        # Only pictures are known to reach 255 before they are loaded, whatever their shape has become.
        if array.maximum == 255 and not _scaled(typed, given.name):
            span = given.span or spec.data.source.span
            yield Diagnostic("W505", f"the pixels of `{given.name}` go into the model as 0..255", span,
                             "add `{rescale: 255}` to `data.prepare.x`")  # fmt: skip


def _scaled(typed: TypedGraph, name: str) -> bool:
    """Whether every path from the input meets a layer that scales, or a function that may, before one that does not."""
    calls = [node.call for node in first_layers(typed, name)]
    return all(call is None or call.facts.tensors or call.name in _SCALING or _takes_pixels(call) for call in calls)


def _takes_pixels(call: Call) -> bool:
    """Whether an application scales pixels itself, or has published weights, which want them as they were made for."""
    inner = wrapped(call)[-1]
    if inner.facts.namespace != "applications":
        return False
    scales = inner.argument("include_preprocessing") is True or ".EfficientNet" in inner.name
    return scales or inner.argument("weights") == "imagenet"
