"""Pictures of digits come out as MNIST would have had them, whatever their size, colours and place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from mnistspec.datasets.digits import as_mnist, is_dark_on_light
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.npz_arrays import read_arrays
from mnistspec.datasets.sources.mnist_sample import PATH

DIGITS = read_arrays(PATH, ["x_test"])["x_test"][:40]
# A mean difference in gray levels that blurring explains; two digits of one class mostly differ by 20 and more.
NEAR = 12


def enlarged(digit: Array, side: int) -> Array:
    return np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))


def on_paper(digit: Array, paper: Array, row: int, column: int, side: int = 120, ink: float = 40) -> Array:
    """A digit in dark ink on paper of the given brightness (height, width)."""
    share = np.zeros(paper.shape)
    share[row : row + side, column : column + side] = enlarged(digit, side) / 255
    return (paper + (ink - paper) * share).clip(0, 255).astype(np.uint8)


def far(found: Array, digit: Array) -> float:
    """The mean difference; a pixel to either side does not count: a centre of mass between two was rounded there."""
    moved = (np.roll(found, (row, column), (0, 1)) for row in (-1, 0, 1) for column in (-1, 0, 1))
    return min(float(np.abs(other.astype(int) - digit).mean()) for other in moved)


def share_near(pictures: list[Array]) -> float:
    return float(np.mean([far(as_mnist(p)[0], digit) < NEAR for p, digit in zip(pictures, DIGITS, strict=True)]))


def test_a_picture_in_mnist_form_is_left_untouched() -> None:
    for digit in DIGITS:
        found, said = as_mnist(digit)
        assert np.array_equal(found, digit) and said == ()


def test_a_28_by_28_picture_of_black_on_white_is_only_inverted() -> None:
    for digit in DIGITS:
        found, said = as_mnist(255 - digit)
        assert np.array_equal(found, digit) and said == ("inverted (black on white)",)


@pytest.mark.parametrize("side", [40, 200])
@pytest.mark.parametrize("dark", [False, True])
def test_any_size_and_polarity_gives_the_digit_back(side: int, dark: bool) -> None:
    pictures = [255 - enlarged(digit, side) if dark else enlarged(digit, side) for digit in DIGITS]
    assert share_near(pictures) > 0.9


def test_what_was_done_is_told_in_pixels_of_the_picture() -> None:
    paper = np.full((300, 400), 255, np.uint8)
    paper[50:210, 100:260] = 0
    found, said = as_mnist(paper)
    assert said == ("inverted (black on white)", "cropped", "scaled 160x160 -> 20x20", "centred")
    assert found[4:24, 4:24].min() == 255 and found.sum() == 400 * 255
    assert "scaled 1600x1600 -> 20x20" in as_mnist(np.kron(paper, np.ones((10, 10), np.uint8)))[1]


def test_the_longer_side_is_20_pixels_and_the_proportions_stay() -> None:
    picture = np.zeros((300, 300), np.uint8)
    picture[20:260, 100:160] = 255
    found, _ = as_mnist(picture)
    assert np.flatnonzero(found.any(axis=1)).tolist() == list(range(4, 24))
    assert found.any(axis=0).sum() == 5


def test_the_centre_of_mass_is_put_in_the_middle() -> None:
    for digit in DIGITS:
        found, _ = as_mnist(enlarged(digit, 200))
        mass = found.sum()
        for axis in (0, 1):
            centre = (found.sum(axis=1 - axis) * np.arange(28)).sum() / mass
            assert abs(centre - 14) <= 0.55


def test_a_digit_in_a_corner_of_a_large_sheet() -> None:
    paper = np.full((1500, 1100), 235.0)
    assert share_near([on_paper(digit, paper, 1300, 60) for digit in DIGITS]) > 0.8


def test_light_from_one_side_and_grain_do_no_harm() -> None:
    random = np.random.default_rng(5)
    shaded = np.add.outer(np.linspace(0, 20, 400), np.linspace(110, 210, 500))
    pictures = [on_paper(digit, shaded + random.normal(0, 4, shaded.shape), 140, 200) for digit in DIGITS]
    assert share_near(pictures) > 0.9


def test_dust_is_no_part_of_the_digit() -> None:
    paper = np.full((500, 500), 240.0)
    pictures = [on_paper(digit, paper, 150, 200) for digit in DIGITS]
    for picture in pictures:
        picture[20:24, 20:24] = picture[470:474, 300:304] = picture[250:254, 480:484] = 30
    assert share_near(pictures) > 0.9


def test_a_digit_that_touches_every_border() -> None:
    pictures = []
    for digit in DIGITS:
        rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
        tight = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        pictures.append(255 - np.kron(tight, np.ones((8, 8), np.uint8)))
    assert share_near(pictures) > 0.85


def test_the_polarity_can_be_said_instead_of_guessed() -> None:
    digit = DIGITS[0]
    assert np.array_equal(as_mnist(digit, "yes")[0], 255 - digit)
    assert np.array_equal(as_mnist(255 - digit, "no")[0], 255 - digit)
    assert is_dark_on_light(255 - enlarged(digit, 300)) and not is_dark_on_light(enlarged(digit, 300))


@pytest.mark.parametrize("picture", [
    np.full((100, 200), 200, np.uint8),
    np.zeros((28, 28), np.uint8),
    np.full((1, 1), 9, np.uint8),
    np.random.default_rng(0).normal(190, 6, (400, 300)).clip(0, 255).astype(np.uint8),
])  # fmt: skip
def test_an_empty_sheet_is_told_and_empty(picture: Array) -> None:
    found, said = as_mnist(picture)
    assert any("blank" in step for step in said) and np.ptp(found) == 0


@given(arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70))), st.sampled_from(["auto", "yes", "no"]))
def test_any_picture_whatever_gives_28_by_28_bytes(picture: Array, invert: str) -> None:
    found, said = as_mnist(picture, invert)
    assert found.shape == (28, 28) and found.dtype == np.uint8
    assert all(step.strip() for step in said)
