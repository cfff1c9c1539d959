"""Between which bounds an initializer draws uniformly: TensorFlow cuts them to whole numbers for whole numbers."""

from __future__ import annotations

import math
from math import prod

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import flag, sizes, whole
from mnistspec.shapes.base import Inferred
from mnistspec.shapes.initial_axes import plain

# The initializers whose bounds are sqrt(3 * scale / fan): their scale, and the fan that they go by.
_SCALED = {"glorotuniform": (1.0, "fan_avg"), "heuniform": (2.0, "fan_in"), "lecununiform": (1.0, "fan_in")}
_UNSCALED = frozenset({"randomuniform", "uniform"})
# The usual initializer draws between bounds of 1 and more only for the smallest kernels: fewer weights than these.
_SURELY_BELOW_ONE = 100
_CONVOLUTIONS = {"Conv1D": 1, "Conv2D": 2, "Conv3D": 3}
_TABLES = frozenset({"Embedding", "ReversibleEmbedding"})


def is_uniform(initializer: Value) -> bool:
    """Whether the initializer draws uniformly between two bounds."""
    return plain(initializer) in _UNSCALED or _scaling(initializer) is not None


def holds_no_whole_number(call: Call, initializer: Value, inferred: Inferred) -> bool:
    """Whether no whole number is certain to lie between the bounds, the lower one counted in."""
    if plain(initializer) in _UNSCALED:
        return _is_empty(*_bounds(initializer))
    fans, scaling = _fans(call, inferred), _scaling(initializer)
    if scaling is None or _names_axes(initializer):
        return False
    if fans is None:
        return plain(initializer) == "glorotuniform" and _count(inferred) >= _SURELY_BELOW_ONE
    scale, mode = scaling
    fan = {"fan_in": fans[0], "fan_out": fans[1]}.get(mode, sum(fans) / 2)
    return int(math.sqrt(3 * scale / max(1.0, fan))) == 0


def _bounds(initializer: Value) -> tuple[Value, Value]:
    if isinstance(initializer, Call):
        return initializer.argument("minval"), initializer.argument("maxval")
    return -0.05, 0.05


def _is_empty(low: Value, high: Value) -> bool:
    return isinstance(low, int | float) and isinstance(high, int | float) and int(low) >= int(high)


def _scaling(initializer: Value) -> tuple[float, str] | None:
    """The scale and the fan of an initializer that draws uniformly; None for any other."""
    if plain(initializer) != "variancescaling" or not isinstance(initializer, Call):
        return _SCALED.get(plain(initializer))
    scale, mode = initializer.argument("scale"), initializer.argument("mode")
    uniform = initializer.argument("distribution") == "uniform"
    return (float(scale), str(mode)) if uniform and isinstance(scale, int | float) else None


def _names_axes(initializer: Value) -> bool:
    return isinstance(initializer, Call) and any(initializer.argument(f"{end}_axes") for end in ("input", "output"))


def _count(inferred: Inferred) -> int:
    return (inferred.trainable or 0) + (inferred.non_trainable or 0)


def _fans(call: Call, inferred: Inferred) -> tuple[int, int] | None:
    """How many numbers each number of the output hangs on, and the other way round, by Keras' reckoning."""
    if call.name in _TABLES:
        return whole(call, "input_dim"), whole(call, "output_dim")
    if call.argument("lora_rank") is not None or not _count(inferred):
        return None
    if call.name == "Dense":
        units = whole(call, "units")
        return (_count(inferred) - units * flag(call, "use_bias")) // units, units
    if call.name in _CONVOLUTIONS:
        return _of_convolution(call, inferred)
    return None


def _of_convolution(call: Call, inferred: Inferred) -> tuple[int, int]:
    filters, places = whole(call, "filters"), prod(sizes(call, "kernel_size", _CONVOLUTIONS[call.name]))
    kernel = _count(inferred) - filters * flag(call, "use_bias")
    return kernel // filters, places * filters
