"""Pixels left in 0..255."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.inputs import fed, first_layers, scaling_step
from mnistspec.lints.integers import origin, refusing
from mnistspec.spec import Spec, Step
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

# Layers that bring pixels to a range themselves, or that expect 0..255.
_SCALING = frozenset(["Rescaling", "Normalization", "BatchNormalization", "LayerNormalization"])
# Layers that take numbers for ids, whatever these are.
_LOOKING_UP = frozenset(["CategoryEncoding", "Embedding", "Hashing", "IntegerLookup", "ReversibleEmbedding"])
_UNTROUBLED = _SCALING | _LOOKING_UP
# A divisor up to here is a fraction that was to be multiplied with; those of pixels are about 1/255 and 1/127.5.
_FRACTION = 0.05
_OF_PIXELS = ((126, 130), (240, 270))


def pixels(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Inputs of up to 255 make the first steps wild; most models learn slowly from them or not at all."""
    return tuple(_of(typed, spec))


def _of(typed: TypedGraph, spec: Spec) -> Iterator[Diagnostic]:
    facts = typed.graph.facts
    if spec.data is None or facts is None:
        return
    for given, array in fed(typed):
        step = scaling_step(spec.data, facts.x, array)
        if step is not None and (divisor := _enlarging(step, array)) is not None:
            yield _enlarged(given.name, step, divisor)
        # Only pictures are known to reach 255 before they are loaded, whatever their shape has become; and ids.
        if (
            array.maximum == 255
            and array.largest_id is None
            and not _scaled(typed, given.name)
            and given.name not in _refused(typed, spec)
        ):
            span = given.span or spec.data.source.span
            yield Diagnostic("W505", f"the pixels of `{given.name}` go into the model as 0..255", span,
                             "add `{rescale: 255}` to `data.prepare.x`")  # fmt: skip


def _refused(typed: TypedGraph, spec: Spec) -> set[str]:
    """The inputs whose integers a layer cannot compute with, which has been told with the same way out."""
    origins = (origin(typed, port) for _, port in refusing(typed, spec))
    return {given.name for given in origins if given is not None}


def _enlarged(name: str, step: Step, divisor: float) -> Diagnostic:
    times = round(1 / divisor)
    message = f"`rescale` divides: by {divisor:g} the values of `{name}` become {times} times as large"
    return Diagnostic("W505", message, step.span, f"write `rescale: {255 if 240 < times < 270 else times}`")


def _enlarging(step: Step, array: ArrayFacts) -> float | None:
    """What values are divided by that were meant to be multiplied with it, as 1/255; None for what may be right."""
    divisor = step.options.get("divisor") if step.name == "rescale" else None
    if not isinstance(divisor, (int, float)) or not 0 < divisor <= _FRACTION:
        return None
    if array.maximum is None:
        return divisor if any(low < 1 / divisor < high for low, high in _OF_PIXELS) else None
    return divisor if array.maximum > 255 else None


def _scaled(typed: TypedGraph, name: str) -> bool:
    """Whether every path from the input meets a layer that scales or looks up, or a function that may, first."""
    calls = [node.call for node in first_layers(typed, name)]
    return all(call is None or call.facts.tensors or call.name in _UNTROUBLED or _takes_pixels(call) for call in calls)


def _takes_pixels(call: Call) -> bool:
    """Whether an application scales pixels itself, or has published weights, which want them as they were made for."""
    inner = wrapped(call)[-1]
    if inner.facts.namespace != "applications":
        return False
    scales = inner.argument("include_preprocessing") is True or ".EfficientNet" in inner.name
    return scales or inner.argument("weights") == "imagenet"
