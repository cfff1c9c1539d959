"""Functions of images `(height, width, channels)`, one or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, sizes
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, show
from mnistspec.shapes.dtypes import FLOATS
from mnistspec.shapes.ops.given import Known, array, check_ranks
from mnistspec.shapes.ops.operands import given, worked
from mnistspec.shapes.volume import channels_first


def _images(call: Call, inputs: Inputs) -> Known:
    images = array(call, inputs, "images")
    check_ranks(call, images.shape, (3, 4))
    return images


def _replaced(shape: Shape, sizes: dict[int, Size]) -> Shape:
    """The shape with other sizes, their axes counted from the end."""
    return tuple(sizes.get(place - len(shape), size) for place, size in enumerate(shape))


def _axes(call: Call) -> tuple[int, int, int]:
    """Height, width and channels, counted from the end."""
    return (-2, -1, -3) if channels_first(call) else (-3, -2, -1)


def alike(call: Call, inputs: Inputs) -> Inferred:
    """Images to images of the same shape."""
    images = _images(call, inputs)
    return given(images.shape, images.dtype, None)


def affine_transform(call: Call, inputs: Inputs) -> Inferred:
    """Images moved by eight numbers, for all or for each."""
    images, transform = _images(call, inputs), array(call, inputs, "transform")
    check_ranks(call, transform.shape, (1, 2))
    return given(images.shape, images.dtype, None)


def perspective_transform(call: Call, inputs: Inputs) -> Inferred:
    """Images moved so that four points come to lie where four others are."""
    images = _images(call, inputs)
    start, end = (array(call, inputs, name).shape for name in ("start_points", "end_points"))
    if start != end or start[-2:] != (4, 2) or len(start) not in (2, 3):
        message = f"{call.name} needs two times four points, (4, 2) or (batch, 4, 2)"
        raise ShapeError(f"{message}, and is given {show(start)} and {show(end)}")
    return given(images.shape, images.dtype, None)


def colours(channels: Sequence[int], to: int) -> Rule:
    """Images of so many channels to images of `to` channels."""
    return partial(_colours, channels, to)


def _colours(channels: Sequence[int], to: int, call: Call, inputs: Inputs) -> Inferred:
    images = _images(call, inputs)
    if to == 3 and images.dtype is not None and images.dtype not in FLOATS:
        raise ShapeError(f"{call.name} needs floats, and is given {images.dtype}", help="use ops.cast before it")
    axis = _axes(call)[2]
    if images.shape[axis] not in (None, *channels):
        needed = " or ".join(map(str, channels))
        raise ShapeError(f"{call.name} needs {needed} channels, and is given {show(images.shape)}")
    kept = images.shape[axis] if to == 3 else to
    return worked(_replaced(images.shape, {axis: kept}), images.dtype)


def resize(call: Call, inputs: Inputs) -> Inferred:
    """Images of another height and width."""
    height, width = sizes(call, "size", 2)
    images = _images(call, inputs)
    if flag(call, "pad_to_aspect_ratio") and flag(call, "crop_to_aspect_ratio"):
        message = f"`pad_to_aspect_ratio` and `crop_to_aspect_ratio` of {call.name} exclude each other"
        raise ShapeError(message, "pad_to_aspect_ratio")
    high, wide, _ = _axes(call)
    return given(_replaced(images.shape, {high: height, wide: width}), images.dtype, None)


def framed(sign: int, kind: str) -> Rule:
    """Images with margins added (1) or cut off (-1); of two margins and the size left, two are given."""
    return partial(_framed, sign, kind)


def _framed(sign: int, kind: str, call: Call, inputs: Inputs) -> Inferred:
    images = _images(call, inputs)
    high, wide, _ = _axes(call)
    height = _side(sign, call, (f"top_{kind}", f"bottom_{kind}", "target_height"), images.shape[high])
    width = _side(sign, call, (f"left_{kind}", f"right_{kind}", "target_width"), images.shape[wide])
    return given(_replaced(images.shape, {high: height, wide: width}), images.dtype)


def _side(sign: int, call: Call, names: tuple[str, str, str], size: Size) -> Size:
    """The new size along an axis. Raises: ShapeError unless two are given, and where they do not fit."""
    before, after, target = (call.argument(name) for name in names)
    stated = [value for value in (before, after, target) if isinstance(value, int)]
    if len(stated) != 2:
        listed = f"`{names[0]}`, `{names[1]}` and `{names[2]}`"
        raise ShapeError(
            f"{call.name} needs exactly two of {listed}", next((n for n in names if n in call.arguments), None)
        )
    if isinstance(target, int):
        if size is not None and (target - size) * sign < stated[0]:
            raise ShapeError(f"`{names[2]}` of {call.name} does not fit a size of {size}", names[2])
        return target
    if size is None:
        if sign < 0:
            raise ShapeError(f"{call.name} needs `{names[2]}` where the size of the images is open", names[0])
        return None
    if size + sign * sum(stated) < 0:
        raise ShapeError(f"{call.name} cuts {sum(stated)} off a size of {size}", names[0])
    return size + sign * sum(stated)


def map_coordinates(call: Call, inputs: Inputs) -> Inferred:
    """The values of `inputs` at places `(axes of inputs, ...)`."""
    x, places = array(call, inputs, "inputs"), array(call, inputs, "coordinates")
    if places.rank < 2 or places.shape[0] != x.rank:
        message = f"`coordinates` of {call.name} must be ({x.rank}, ...) for {show(x.shape)}, not {show(places.shape)}"
        raise ShapeError(message)
    return given(places.shape[1:], x.dtype, None)


def scale_and_translate(call: Call, inputs: Inputs) -> Inferred:
    """Images scaled and moved to the shape given."""
    images = array(call, inputs, "images")
    shape = call.argument("output_shape")
    return (
        given(tuple(size for size in shape if isinstance(size, int)), images.dtype, None)
        if isinstance(shape, tuple)
        else given(None, images.dtype)
    )


def sobel_edges(call: Call, inputs: Inputs) -> Inferred:
    """How steep images are, downwards and to the right, in a last axis of two."""
    images = array(call, inputs, "images")
    check_ranks(call, images.shape, (4,))
    return given((*images.shape, 2), images.dtype, None)


def ssim(call: Call, inputs: Inputs) -> Inferred:
    """How alike images are: a number each."""
    one, other = (array(call, inputs, name) for name in ("image1", "image2"))
    for images in (one, other):
        check_ranks(call, images.shape, (3, 4))
    return given(one.shape[:1] if one.rank == 4 else (), one.dtype, None)
