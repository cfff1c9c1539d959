"""Images made smaller or cut out, and the augmentations, which change pixels in training only."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.activation import keeping_shape
from mnistspec.shapes.arguments import items, sizes, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, show
from mnistspec.shapes.dtypes import cast_input
from mnistspec.shapes.reshaping import TAPS
from mnistspec.shapes.results import only, weightless
from mnistspec.shapes.sizes import elements, scaled
from mnistspec.shapes.volume import channels_first


def resizing(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, height, width, channels)`, or one image without the batch, to the height and width given."""
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    output = _in_front(call, shape)
    taps = TAPS.get(str(call.argument("interpolation")))
    return weightless(call, output, None if taps is None else scaled(elements(output), 2 * taps**2))


def _in_front(call: Call, shape: Shape) -> Shape:
    """The shape with the height and width at their places, counted from the front."""
    start = (1 if len(shape) == 4 else 0) + int(channels_first(call))
    if len(shape) < start + 2:
        raise ShapeError(f"{call.name} needs an image or a batch of them, and is given {show(shape)}")
    return (*shape[:start], whole(call, "height"), whole(call, "width"), *shape[start + 2 :])


def center_crop(call: Call, inputs: Inputs) -> Inferred:
    """The middle of each image, or the image resized where it is too small."""
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    if len(shape) not in (3, 4):
        raise ShapeError(f"CenterCrop needs an image or a batch of them, and is given {show(shape)}")
    return weightless(call, _in_front(call, shape))


def random_crop(call: Call, inputs: Inputs) -> Inferred:
    """A random part of each image, of the height and width given."""
    height, width = whole(call, "height"), whole(call, "width")
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    if len(shape) < 3:
        raise ShapeError(f"RandomCrop needs an image or a batch of them, and is given {show(shape)}")
    if channels_first(call):
        return weightless(call, (*shape[:-2], height, width))
    return weightless(call, (*shape[:-3], height, width, shape[-1]))


# Pairs of factors that Keras bounds loosely: the first must not lie above the range, nor the second below it.
_SIGNED = (-1.0, 1.0)
_SHARE = (0.0, 1.0)
_FACTORS: dict[str, dict[str, tuple[float, float]]] = {
    "CutMix": {"factor": _SHARE},
    "RandomBrightness": {"factor": _SIGNED},
    "RandomColorDegeneration": {"factor": _SIGNED},
    "RandomColorJitter": {
        "brightness_factor": _SIGNED,
        "contrast_factor": _SHARE,
        "saturation_factor": _SIGNED,
        "hue_factor": _SHARE,
    },
    "RandomContrast": {"factor": _SHARE},
    "RandomElasticTransform": {"factor": _SHARE, "scale": _SHARE},
    "RandomErasing": {"factor": _SHARE, "scale": _SHARE},
    "RandomGaussianBlur": {"factor": _SHARE, "sigma": _SHARE},
    "RandomHue": {"factor": _SHARE},
    "RandomInvert": {"factor": _SHARE},
    "RandomPerspective": {"factor": _SHARE},
    "RandomRotation": {"factor": _SIGNED},
    "RandomSaturation": {"factor": _SIGNED},
    "RandomSharpness": {"factor": _SHARE},
}


def check_factors(call: Call) -> None:
    """Raises: ShapeError for a pair of factors that lies outside the range of its class."""
    for name, (low, high) in _FACTORS.get(call.name, {}).items():
        first, second = _pair_of_numbers(call, name) or (low, high)
        if first > high or second < low:
            message = f"`{name}` of {call.name} must lie from {low:g} to {high:g}, not [{first:g}, {second:g}]"
            raise ShapeError(message, name)


def _pair_of_numbers(call: Call, name: str) -> tuple[float, float] | None:
    values = [value for value in items(call.argument(name)) or () if isinstance(value, (int, float))]
    return (values[0], values[1]) if len(values) == 2 else None


def check_mixed_factor(call: Call) -> None:
    """Raises: ShapeError for a pair of factors that one of the mixed augmentations would refuse."""
    first, second = _pair_of_numbers(call, "factor") or (0.0, 1.0)
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise ShapeError(f"`factor` of {call.name} must lie from 0 to 1, not [{first:g}, {second:g}]", "factor")


def check_blur(call: Call) -> None:
    """Raises: ShapeError for factors out of range, and for a kernel without a middle."""
    check_factors(call)
    for size in sizes(call, "kernel_size", 2):
        if size % 2 == 0:
            raise ShapeError(f"`kernel_size` of {call.name} must be odd, not {size}", "kernel_size")


def color_degeneration(call: Call, inputs: Inputs) -> Inferred:
    """Images of three channels, more or less grey."""
    check_factors(call)
    shape = only(call, inputs).shape
    if shape is not None:
        if len(shape) not in (3, 4):
            raise ShapeError(f"{call.name} needs an image or a batch of them, and is given {show(shape)}")
        channels = shape[-3] if channels_first(call) else shape[-1]
        if channels not in (3, None):
            raise ShapeError(f"{call.name} needs images of 3 channels, and is given {show(shape)}")
    return weightless(call, shape)


def measured(call: Call, inputs: Inputs) -> Inferred:
    """Images whose contrast is set by their own pixels, in prediction as in training: the work depends on them."""
    kept = keeping_shape()(call, inputs)
    return replace(kept, flops=None)


def in_own_dtype(many: bool = True) -> Rule:
    """Images of the shape and dtype that they come in; `many` allows a list of them."""
    return partial(_in_own_dtype, many)


def _in_own_dtype(many: bool, call: Call, inputs: Inputs) -> Inferred:
    tensors = inputs.tensors if many else (only(call, inputs),)
    return Inferred(tuple(cast_input(call, tensor) for tensor in tensors), 0, 0, 0)
