"""What a config says where an argument was left out, and the short forms that Keras reads as the long ones it keeps."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from mnistspec.catalogue import Argument, ClassFacts, load
from mnistspec.catalogue.kinds import Object
from mnistspec.values.scalars import is_scalar, options_of

# One number stands for the same number along every axis.
EVEN = frozenset(["kernel_size", "strides", "pool_size", "dilation_rate", "size", "output_size", "padding", "cropping",
                  "output_padding"])  # fmt: skip
# A list of one item is kept where a bare item was given.
LONE = frozenset(["Normalization.axis", "EinsumDense.output_shape", "LayerNormalization.axis"])
# A range is kept where one number was given: its upper end, and what Keras takes for the lower.
LOWER_END: dict[str, Callable[[float], float]] = {
    **dict.fromkeys(
        ["AugMix.factor", "CutMix.factor", "RandAugment.factor", "RandomContrast.factor",
         "RandomElasticTransform.factor", "RandomElasticTransform.scale", "RandomErasing.factor",
         "RandomGaussianBlur.factor", "RandomGaussianBlur.sigma", "RandomHue.factor", "RandomInvert.factor",
         "RandomPerspective.factor", "RandomSharpness.factor", "Solarization.addition_factor",
         "Solarization.threshold_factor"],
        lambda _: 0,
    ),
    **dict.fromkeys(
        ["RandomBrightness.factor", "RandomColorDegeneration.factor", "RandomRotation.factor",
         "RandomSaturation.factor", "RandomShear.x_factor", "RandomShear.y_factor"],
        lambda upper: -upper,
    ),
    "RandomPosterization.factor": lambda _: 1,
}  # fmt: skip
# Kept by Keras in 32 bits, so that 0.001 comes back as 0.0010000000474974513.
_SINGLE = frozenset(["learning_rate", "l1", "factor"])

# What null comes to, by argument: a value, or what it is worked out from.
_FOR_NULL: dict[str, Any] = {"data_format": "channels_last", "activation": "linear", "exclude_layers": []}
_WORKED_OUT: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "strides": lambda given: given.get("pool_size"),
    "value_dim": lambda given: given.get("key_dim"),
    "sequence_length": lambda given: given.get("fft_length"),
    "max_freq": lambda given: given["sampling_rate"] // 2,
}
# Layers that count, whose dtype is that of the count unless they return something else.
_COUNTING = frozenset(["Hashing", "HashedCrossing"])


def is_usual(facts: ClassFacts, argument: Argument, given: Mapping[str, Any], policy: str) -> bool:
    """Whether leaving the argument out means the same; `given` has all arguments in their short form."""
    value = given[argument.name]
    if argument.required:
        return False
    if argument.name == "dtype":
        return value is None or value == usual_dtype(facts, given, policy)
    return value == short_default(facts, argument) or means_null(argument, given)


def means_null(argument: Argument, given: Mapping[str, Any]) -> bool:
    """Whether an argument says what the null comes to that it has by default, as `activation: linear` does."""
    value = given[argument.name]
    return argument.default is None and value is not None and value == _for_null(argument.name, given)


def _for_null(name: str, given: Mapping[str, Any]) -> Any:
    return _WORKED_OUT[name](given) if name in _WORKED_OUT else _FOR_NULL.get(name)


def usual_dtype(facts: ClassFacts, given: Mapping[str, Any], policy: str) -> str:
    """The dtype, or policy, of an object that is not told one."""
    if "IoU" in (facts.name, *facts.bases) or (facts.name in _COUNTING and given.get("output_mode", "int") == "int"):
        return "int64"
    return policy if facts.namespace == "layers" else "float32"


def short_default(facts: ClassFacts, argument: Argument) -> Any:
    """The signature's default in the form that a config's value is brought to: words of objects as their class."""
    default = argument.default
    spaces = [load()[kind.namespace] for kind in options_of(argument.kind) if isinstance(kind, Object)]
    named = [space.find(default) for space in spaces] if isinstance(default, str) else []
    known = next((found for found in named if found is not None), None)
    return known.name if known is not None else short_form(facts.name, argument, default)


def short_form(class_name: str, argument: Argument, value: Any) -> Any:
    """A value as one would write it, where Keras keeps a longer form of what it was given."""
    if isinstance(value, list):
        short = _short_list(f"{class_name}.{argument.name}", argument.name, value)
        return value if _is_number(short) and not is_scalar(short, argument.kind) else short
    return nearest(value) if isinstance(value, float) and argument.name in _SINGLE else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _short_list(place: str, argument: str, value: list[Any]) -> Any:
    if argument in EVEN:
        return _evened(value)
    if place in LONE and len(value) < 2:
        return value[0] if value else None
    if place in LOWER_END and len(value) == 2 and value[0] == LOWER_END[place](value[1]):
        return value[1]
    return value


def _evened(value: list[Any]) -> Any:
    """`[3, 3]` as 3, `[[1, 1], [2, 2]]` as `[1, 2]`; a pair that is one axis' stays a pair."""
    inner = [_evened(item) if isinstance(item, list) else item for item in value]
    alike = bool(inner) and all(item == inner[0] for item in inner) and not isinstance(inner[0], list)
    return inner[0] if alike else inner


def nearest(value: float) -> float:
    """The shortest decimal of a 32-bit number; the value itself where it has more bits."""
    try:
        kept = struct.pack("f", value)
    except OverflowError:
        return value
    if struct.unpack("f", kept)[0] != value:
        return value
    return next(short for digits in range(1, 18) if struct.pack("f", short := float(f"{value:.{digits}g}")) == kept)
