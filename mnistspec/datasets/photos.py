"""Pictures from outside brought into the form that a model learnt from, and what was done to each, in words."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import ExifTags, Image, ImageOps

from mnistspec.datasets.digits import SIZE, as_mnist
from mnistspec.datasets.layouts import PictureLayout
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.memory import require_memory
from mnistspec.datasets.picture_arrays import MODES, eight_bits, formed, open_picture
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.sources.mnist_sample import DIGITS
from mnistspec.diagnostics import BadData

# What was done to a picture, step by step.
Said: TypeAlias = tuple[str, ...]

INVERT = ("auto", "yes", "no")
# What Pillow raises for files that are damaged, whatever the damage.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, Image.DecompressionBombError, Warning)
_UPRIGHT = 1  # the value of the EXIF orientation that means: as it is


class PhotoReader:
    """Reads pictures for one model; `said` has what was done to each picture read so far.

    Pictures for a model that learnt from picture files are read as those were. For one that learnt from arrays they are
    turned upright, laid on a background where they are transparent, and resized; for one that learnt MNIST's digits
    they are brought into MNIST's form. `invert` is `yes`, `no`, or `auto`: decided for digits, not done otherwise.
    """

    def __init__(self, preparation: Preparation, invert: str = "auto") -> None:
        self.as_trained = isinstance(preparation.layout, PictureLayout)
        self.digits = learnt_digits(preparation)
        self.invert = invert
        self.said: list[str] = []

    def __call__(self, paths: Sequence[Path], layout: PictureLayout, where: Path) -> Array:
        """The pictures (examples, height, width, channels) uint8.

        Raises: BadData for a file that is no picture, and where all of them would not fit into the memory.
        """
        shape = (len(paths), *layout.image_size, layout.channels)
        require_memory(int(np.prod([float(size) for size in shape])), f"{where}")
        pixels = np.empty(shape, dtype=np.uint8)
        for index, path in enumerate(paths):
            pixels[index], said = self._read(path, layout)
            self.said.append("; ".join(said))
        return pixels

    def _read(self, path: Path, layout: PictureLayout) -> tuple[Array, Said]:
        try:
            with open_picture(path) as opened:
                picture, said = self._decoded(opened, MODES[layout.color_mode])
        except _DAMAGE as error:
            raise BadData(f"{path}: cannot be read as a picture ({error}).") from error
        if self.digits:
            digit, steps = as_mnist(np.asarray(picture), self.invert)
            return digit[..., np.newaxis], (*said, *steps)
        return self._resized(picture, said, layout)

    def _decoded(self, opened: Image.Image, mode: str) -> tuple[Image.Image, Said]:
        if self.as_trained:
            return eight_bits(opened).convert(mode), _left_lying(opened)
        picture, said = _upright(opened)
        if mode != "RGBA":
            picture, said = _opaque(picture, said)
        return eight_bits(picture).convert(mode), said

    def _resized(self, picture: Image.Image, said: Said, layout: PictureLayout) -> tuple[Array, Said]:
        height, width = layout.image_size
        if picture.size != (width, height):
            said = (*said, f"resized {picture.width}x{picture.height} -> {width}x{height}")
        pixels = formed(picture, layout)
        return (255 - pixels, (*said, "inverted")) if self.invert == "yes" else (pixels, said)


def learnt_digits(preparation: Preparation) -> bool:
    """Whether the model learnt MNIST's digits: gray pictures of 28 by 28 bytes, of the classes 0 to 9, as arrays.

    Arrays of one's own name no classes; in that form they are taken for digits too.
    """
    if preparation.layout is not None or len(preparation.raw) != 1 or preparation.class_names not in (DIGITS, None):
        return False
    (facts,) = preparation.raw.values()
    return facts.dtype == "uint8" and facts.shape in ((SIZE, SIZE), (SIZE, SIZE, 1))


def _left_lying(picture: Image.Image) -> Said:
    turned = picture.getexif().get(ExifTags.Base.Orientation, _UPRIGHT) != _UPRIGHT
    return ("not turned as its EXIF data ask, since the training pictures were not",) if turned else ()


def _upright(picture: Image.Image) -> tuple[Image.Image, Said]:
    if picture.getexif().get(ExifTags.Base.Orientation, _UPRIGHT) == _UPRIGHT:
        return picture, ()
    return ImageOps.exif_transpose(picture), ("turned as its EXIF data ask",)


def _opaque(picture: Image.Image, said: Said) -> tuple[Image.Image, Said]:
    """The picture on white where what is drawn on it is dark, on black where it is light."""
    if not picture.has_transparency_data:
        return picture, said
    drawn = picture.convert("RGBA")
    alpha = np.asarray(drawn.getchannel("A"), dtype=np.float64)
    if alpha.min() == 255:
        return drawn.convert("RGB"), said
    gray = np.asarray(drawn.convert("RGB").convert("L"), dtype=np.float64)
    dark = alpha.sum() == 0 or np.average(gray, weights=alpha) < 128
    ground = "white" if dark else "black"
    composed = Image.alpha_composite(Image.new("RGBA", drawn.size, ground), drawn)
    return composed.convert("RGB"), (*said, f"laid on {ground}, being transparent")
