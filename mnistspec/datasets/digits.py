"""A picture of a digit brought into MNIST's form, by the rules that MNIST's own pictures were made by.

Source: http://yann.lecun.com/exdb/mnist/ (scaled into 20 by 20 pixels with the proportions kept, then placed in 28 by
28 with the centre of mass in the middle; white on black).
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from mnistspec.datasets.loaded import Array

SIZE = 28  # pixels of a side
_DIGIT = 20  # pixels of the digit's longer side
_MIDDLE = 14  # the row and column (from 0) that MNIST's centres of mass are nearest to
_WORKING_SIDE = 1024  # pixels; a digit still has enough of them, and averaging to this quiets a camera's noise
_GLANCE_SIDE = 256  # pixels; enough to see which of ink and paper is darker
_FAINTEST = 24  # gray levels (of 255) between ink and paper below which there is nothing to see
# Shares of the strongest ink: what counts as ink for the bounding box, and what may at most be taken off for grain.
_LEAST_INK, _MOST_FLOOR = 0.15, 0.5
BLANK = "blank: nothing stands out from the background"
_DUST = 0.03  # the share of the largest piece's ink below which a piece of its own is no part of the digit
_DUST_SIDE = 64  # pixels; what touches when averaged to this is one piece


def as_mnist(picture: Array, invert: str = "auto") -> tuple[Array, tuple[str, ...]]:
    """A gray picture (height, width) uint8 as MNIST would have it, (28, 28) uint8, and what was done, in words.

    `invert` says whether the digit is dark on light: `yes`, `no`, or `auto` for what the picture looks like. One that
    is 28 by 28 already is at most inverted.
    """
    dark = invert == "yes" or (invert == "auto" and is_dark_on_light(picture))
    said = ("inverted (black on white)",) if dark else ()
    light = 255 - picture if dark else picture
    if light.shape == (SIZE, SIZE):
        return light, (said if np.ptp(light) >= _FAINTEST else (*said, BLANK))
    working = _reduced(light, _WORKING_SIDE)
    ink = _ink(working)
    if ink is None:
        return np.zeros((SIZE, SIZE), np.uint8), (*said, BLANK)
    box = _bounding_box(ink)
    cropped = ("cropped",) if ink[box].shape != ink.shape else ()
    small = _scaled(ink[box])
    height, width = (round(side * light.shape[0] / working.shape[0]) for side in ink[box].shape)
    scaled = f"scaled {width}x{height} -> {small.shape[1]}x{small.shape[0]}"
    return _centred(small), (*said, *cropped, scaled, "centred")


def is_dark_on_light(picture: Array) -> bool:
    """Whether what differs from the border of a gray picture (height, width) is mostly darker than it."""
    # Averaging leaves the strokes and takes away single pixels, so that the extremes are of the writing.
    working = _reduced(picture, _GLANCE_SIDE).astype(np.float64)
    paper = np.median(working[_border(working.shape)])
    return bool(paper - working.min() > working.max() - paper)


def _reduced(picture: Array, side: int) -> Array:
    """A gray picture averaged down until no side is longer than `side` pixels."""
    factor = -(-max(picture.shape) // side)
    return picture if factor == 1 else np.asarray(Image.fromarray(picture).reduce(factor))


def _border(shape: tuple[int, ...]) -> Array:
    """The outermost twentieth on each side: true there."""
    border = np.ones(shape, dtype=bool)
    rows, columns = (max(1, size // 20) for size in shape)
    border[rows:-rows, columns:-columns] = False
    return border


def _ink(light: Array) -> Array | None:
    """The light ink at each pixel of dark paper, 0 (paper, and its grain) to 1; None where there is none."""
    paper, grain = _paper(light)
    height = light - paper
    tall = height[height > height.max() / 2]
    strongest = float(np.percentile(tall, 90)) if tall.size else 0.0
    if strongest < max(_FAINTEST, 3 * grain):
        return None
    # Clean pictures keep their soft edges; of grainy ones, twice the grain is taken off.
    floor = min(2 * grain / strongest, _MOST_FLOOR)
    return _without_dust(((height / strongest - floor) / (1 - floor)).clip(0, 1))


def _paper(light: Array) -> tuple[Array, float]:
    """The dark paper's brightness at each pixel, and its grain, both in gray levels.

    The brightness is a plane through the border, so that light from one side does no harm.
    """
    rows, columns = np.nonzero(_border(light.shape))
    values = light[rows, columns].astype(np.float64)
    places = np.stack([rows, columns, np.ones(len(rows))], axis=1)
    # Strokes that reach the border are light: a plane through its darker half tells what is paper.
    darker = values <= np.median(values)
    away = values - places @ np.linalg.lstsq(places[darker], values[darker], rcond=None)[0]
    near = np.abs(away) <= 6 * np.median(np.abs(away[darker])) + 1
    down, right, level = plane = np.linalg.lstsq(places[near], values[near], rcond=None)[0]
    height, width = light.shape
    # Three medians take in nearly all of the grain.
    grain = 3 * float(np.median(np.abs(values[near] - places[near] @ plane)))
    return np.add.outer(down * np.arange(height) + level, right * np.arange(width)), grain


def _without_dust(ink: Array) -> Array:
    """The ink without the spots that are small beside the largest piece of writing."""
    factor = -(-max(ink.shape) // _DUST_SIDE)
    coarse = np.asarray(Image.fromarray(ink.astype(np.float32)).reduce(factor))
    labels = _pieces(coarse > _LEAST_INK / 4)
    weights = np.bincount(labels.ravel(), weights=coarse.ravel())
    weights[0] = 0
    kept = (weights >= _DUST * weights.max())[labels]
    # A cell more on each side, for the soft edges.
    widened = np.asarray(Image.fromarray(kept.astype(np.uint8)).filter(ImageFilter.MaxFilter(3)))
    mask = np.kron(widened, np.ones((factor, factor), np.uint8))
    return ink * mask[: ink.shape[0], : ink.shape[1]]


def _pieces(mask: Array) -> Array:
    """A number for each connected piece of a mask, at each of its pixels; 0 outside."""
    labels = np.where(mask, np.arange(1, mask.size + 1, dtype=np.int32).reshape(mask.shape), 0)
    while True:
        highest = np.asarray(Image.fromarray(labels).filter(ImageFilter.MaxFilter(3)))
        spread = np.where(mask, highest, 0).astype(np.int32)
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def _bounding_box(ink: Array) -> tuple[slice, slice]:
    """The rows and columns that the digit takes."""
    inked: Array = ink > _LEAST_INK
    return _extent(inked.max(axis=1)), _extent(inked.max(axis=0))


def _extent(inked: Array) -> slice:
    inside = np.flatnonzero(inked)
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _scaled(ink: Array) -> Array:
    """The digit with its longer side at 20 pixels, its strongest ink at 1, as a pen of MNIST's writers has it."""
    height, width = ink.shape
    scale = _DIGIT / max(height, width)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    picture = Image.fromarray(ink.astype(np.float32))
    small = np.asarray(picture.resize((columns, rows), Image.Resampling.BICUBIC)).clip(0, 1)
    return np.asarray(small / small.max())


def _centred(small: Array) -> Array:
    """The digit in 28 by 28, moved by whole pixels, its centre of mass in the middle as far as it stays inside."""
    placed = np.zeros((SIZE, SIZE), np.uint8)
    rows, columns = small.shape
    top, left = (_start(small.sum(axis=axis), size) for axis, size in ((1, rows), (0, columns)))
    placed[top : top + rows, left : left + columns] = np.rint(255 * small)
    return placed


def _start(mass: Array, size: int) -> int:
    centre = float(np.average(np.arange(size), weights=mass))
    return min(max(round(_MIDDLE - centre), 0), SIZE - size)
