"""Picture files as arrays: decoded with Pillow, within bounds, and brought into one form."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mnistspec.datasets.layouts import PictureLayout
from mnistspec.datasets.loaded import Array, RawSplit
from mnistspec.datasets.memory import require_memory
from mnistspec.diagnostics import BadData, MissingExtra
from mnistspec.processors import cores

try:
    from PIL import Image
except ModuleNotFoundError as error:
    raise MissingExtra("Pictures are read with Pillow: `pip install 'mnistspec[cpu]'` installs it.") from error

# A picture of more pixels is taken for an attack: 64 megapixels are 192 MB decoded.
MOST_PIXELS = 64 * 2**20
MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
# One filter for each of `layouts.INTERPOLATIONS`.
_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
    "lanczos3": Image.Resampling.LANCZOS,
}


def read_pictures(labelled: Sequence[tuple[Path, int]], layout: PictureLayout, where: Path) -> RawSplit:
    """Pictures (examples, height, width, channels) uint8 with their class ids (examples,).

    Raises: BadData for a file that is no picture, and where all of them would not fit into the memory.
    """
    paths = [path for path, _ in labelled]
    pixels = decode(paths, layout, where)
    return RawSplit({"x": pixels}, {"y": np.array([label for _, label in labelled], dtype=np.int64)})


def decode(paths: Sequence[Path], layout: PictureLayout, where: Path | str) -> Array:
    """The pictures (examples, height, width, channels), uint8. Raises: as `read_pictures`."""
    shape = (len(paths), *layout.image_size, layout.channels)
    require_memory(int(np.prod([float(size) for size in shape])), f"{where}")
    pixels = np.empty(shape, dtype=np.uint8)
    # Pillow decodes outside the interpreter's lock; a picture's place is fixed, so the order of work changes nothing.
    with ThreadPoolExecutor(min(8, cores())) as pool:
        for index, picture in enumerate(pool.map(lambda path: decode_one(path, layout), paths)):
            pixels[index] = picture
    return pixels


def decode_one(path: Path, layout: PictureLayout) -> Array:
    """One picture (height, width, channels), uint8. Raises: BadData for a file that is none, or far too large."""
    try:
        with open_picture(path) as opened:
            return formed(opened, layout)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadData(f"{path}: cannot be read as a picture ({reason}).") from error


def formed(opened: Image.Image, layout: PictureLayout) -> Array:
    """A picture with the layout's channels and at its size (height, width, channels), uint8. Raises: as Pillow."""
    height, width = layout.image_size
    picture = eight_bits(opened).convert(MODES[layout.color_mode])
    if picture.size != (width, height):
        picture = picture.resize((width, height), _FILTERS[layout.interpolation])
    return np.asarray(picture, dtype=np.uint8).reshape(height, width, layout.channels)


def open_picture(path: Path) -> Image.Image:
    """A picture, not yet decoded. Raises: OSError or ValueError for a file that is none, or far too large."""
    picture = Image.open(path)
    if picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise ValueError(f"{picture.width} by {picture.height} pixels are too many")
    return picture


def eight_bits(picture: Image.Image) -> Image.Image:
    """Pictures of 16 bits a pixel brought to 8, which Pillow's own conversion would cut off instead."""
    if picture.mode == "F":
        raise ValueError("its pixels are floating point numbers")
    if not picture.mode.startswith("I"):
        return picture
    values = np.asarray(picture, dtype=np.int64).clip(0, 2**16 - 1)
    return Image.fromarray((values >> 8).astype(np.uint8))


def resize_all(pictures: Array, size: tuple[int, int]) -> Array:
    """Pictures (examples, height, width[, channels]) at a new (height, width), each channel on its own, bilinear.

    uint8 stays uint8, rounded; anything else becomes float32. First the widths, then the heights: Pillow by itself
    begins with either, by sizes and version, and the two round differently.
    """
    height, width = size
    planes = pictures if pictures.ndim == 4 else pictures[..., np.newaxis]
    planes = planes if planes.dtype == np.uint8 else planes.astype(np.float32)
    resized = np.empty((len(planes), *size, planes.shape[3]), dtype=planes.dtype)
    for example in range(len(planes)):
        for channel in range(planes.shape[3]):
            plane = Image.fromarray(np.ascontiguousarray(planes[example, :, :, channel]))
            widened = plane.resize((width, plane.height), Image.Resampling.BILINEAR)
            resized[example, :, :, channel] = widened.resize((width, height), Image.Resampling.BILINEAR)
    return resized if pictures.ndim == 4 else resized[..., 0]


def gray(pictures: Array) -> Array:
    """Pictures (examples, height, width, 1, 3 or 4) in gray (examples, height, width, 1), by the luma of BT.601.

    An alpha channel is left out. uint8 stays uint8, rounded; anything else becomes float32.
    """
    exact = pictures.dtype if pictures.dtype == np.uint8 else np.dtype(np.float32)
    if pictures.shape[3] == 1:
        return pictures.astype(exact, copy=False)
    luma = np.zeros((*pictures.shape[:3], 1), dtype=np.float32)
    for channel, weight in enumerate((0.299, 0.587, 0.114)):
        luma[..., 0] += np.float32(weight) * pictures[..., channel]
    return np.rint(luma).astype(exact) if exact == np.uint8 else luma
