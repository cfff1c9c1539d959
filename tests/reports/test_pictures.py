"""Pictures: PNG files that a reader opens, from every form that inputs come in."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from mnistspec.reports.pictures import LARGEST, as_pictures
from mnistspec.reports.png import encode
from mnistspec.reports.predictions import Array


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_a_png_holds_the_very_pixels(channels: int, mode: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels)).astype(np.uint8)
    opened = Image.open(io.BytesIO(encode(pixels)))
    assert opened.mode == mode
    assert np.array_equal(np.asarray(opened).reshape(pixels.shape), pixels)


@pytest.mark.parametrize(
    ("sample", "shape"),
    [
        (np.zeros((2, 28, 28), np.uint8), (2, 28, 28, 1)),
        (np.zeros((2, 28, 28, 1), np.float32), (2, 28, 28, 1)),
        (np.zeros((2, 32, 32, 3), np.uint8), (2, 32, 32, 3)),
        (np.zeros((2, 784), np.uint8), (2, 28, 28, 1)),
    ],
)
def test_inputs_that_are_pictures(sample: Array, shape: tuple[int, ...]) -> None:
    found = as_pictures(sample)
    assert found is not None and found.shape == shape


@pytest.mark.parametrize("shape", [(3, 8), (3, 784), (3, 24, 3), (3, 10, 10, 7), (3,), (0, 28, 28)])
def test_inputs_that_are_not(shape: tuple[int, ...]) -> None:
    assert as_pictures(np.zeros(shape, np.float32)) is None


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 255.0), (-1.0, 1.0), (-3.0, 900.0)])
def test_any_range_of_pixels_fills_the_bytes(low: float, high: float) -> None:
    sample = np.linspace(low, high, 100).reshape(1, 10, 10)
    found = as_pictures(sample)
    assert found is not None and (found.min(), found.max()) == (0, 255)


def test_values_that_are_no_numbers_do_no_harm() -> None:
    sample = np.full((1, 9, 9), np.nan)
    sample[0, 0] = [np.inf, -np.inf, 0, 0.5, 1, 0, 0, 0, 0]
    found = as_pictures(sample)
    assert found is not None and found.dtype == np.uint8


def test_large_pictures_are_thinned_out() -> None:
    found = as_pictures(np.zeros((1, 500, 300, 3), np.uint8))
    assert found is not None and max(found.shape[1:3]) <= LARGEST
