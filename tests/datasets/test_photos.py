"""Pictures from outside: upright, opaque, within bounds, and read as the model's own pictures were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from mnistspec.datasets import picture_arrays
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.layouts import PictureLayout
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.photos import PhotoReader, learnt_digits
from mnistspec.datasets.picture_arrays import decode_one
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.sources.mnist_sample import DIGITS
from mnistspec.diagnostics import BadData


def learnt(
    shape: tuple[int, ...], names: tuple[str, ...] | None = None, layout: PictureLayout | None = None
) -> Preparation:
    return Preparation({"x": ()}, {"y": ()}, {"x": ArrayFacts(shape, "uint8", 0, 255)}, layout, names)


COLOUR, GRAY = PictureLayout((8, 8)), PictureLayout((8, 8), "grayscale")
ARRAYS, MNIST = learnt((8, 8, 3)), learnt((28, 28), DIGITS)


def read(path: Path, preparation: Preparation, layout: PictureLayout, invert: str = "auto") -> tuple[Array, str]:
    reader = PhotoReader(preparation, invert)
    (picture,) = reader([path], layout, path)
    (said,) = reader.said
    return picture, said


def half_dark(path: Path, mode: str = "L", **saving: object) -> Path:
    """A picture that is dark above and light below."""
    pixels = np.full((20, 20), 255, np.uint8)
    pixels[:10] = 0
    Image.fromarray(pixels).convert(mode).save(path, **saving)
    return path


def test_resizing_is_told_and_a_picture_of_the_right_size_is_left_as_it_is(tmp_path: Path) -> None:
    pixels = np.arange(192, dtype=np.uint8).reshape(8, 8, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found, said = read(tmp_path / "a.png", ARRAYS, COLOUR)
    assert np.array_equal(found, pixels) and said == ""
    found, said = read(half_dark(tmp_path / "b.png"), ARRAYS, COLOUR)
    assert found.shape == (8, 8, 3) and said == "resized 20x20 -> 8x8"


def test_a_photograph_lying_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3  # upside down
    path = half_dark(tmp_path / "a.jpg", exif=exif, quality=95)
    found, said = read(path, ARRAYS, COLOUR)
    assert found[0].min() > 200 and found[-1].max() < 50 and "EXIF" in said


def test_for_a_model_of_picture_files_a_picture_is_read_as_in_training(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    path = half_dark(tmp_path / "a.jpg", exif=exif)
    found, said = read(path, learnt((8, 8, 3), ("a", "b"), COLOUR), COLOUR)
    assert np.array_equal(found, decode_one(path, COLOUR)) and "not turned" in said


@pytest.mark.parametrize(("ink", "ground"), [(20, 255), (230, 0)])
def test_a_drawing_on_nothing_is_laid_on_what_it_stands_out_from(ink: int, ground: int, tmp_path: Path) -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[2:4, 2:4] = (ink, ink, ink, 255)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found, said = read(tmp_path / "a.png", learnt((8, 8)), GRAY)
    assert found[0, 0, 0] == ground and found[2, 2, 0] == ink and "transparent" in said


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_common_kind_of_picture_shows_the_same(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    if mode == "I;16":
        pixels = np.full((20, 20), 65535, np.uint16)
        pixels[:10] = 0
        Image.fromarray(pixels).save(path)
    else:
        half_dark(path, mode)
    found, _ = read(path, learnt((8, 8)), GRAY)
    assert found[0].max() < 40 and found[-1].min() > 215


def test_digits_are_brought_into_mnists_form_and_said_to_be(tmp_path: Path) -> None:
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 25:35] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    found, said = read(tmp_path / "one.png", MNIST, PictureLayout((28, 28), "grayscale"))
    assert said == "inverted (black on white); cropped; scaled 10x40 -> 5x20; centred"
    assert found.shape == (28, 28, 1) and found[14, 14] == 255 and found[0, 0] == 0


def test_only_mnists_digits_are_treated_as_such() -> None:
    assert learnt_digits(MNIST) and learnt_digits(learnt((28, 28, 1), DIGITS)) and learnt_digits(learnt((28, 28)))
    clothes = tuple("abcdefghij")
    others = [learnt((28, 28), clothes), learnt((32, 32), DIGITS), learnt((28, 28, 3), DIGITS)]
    assert not any(map(learnt_digits, others))
    assert not learnt_digits(learnt((28, 28, 1), DIGITS, PictureLayout((28, 28), "grayscale")))


def test_other_pictures_are_inverted_only_when_asked(tmp_path: Path) -> None:
    path = half_dark(tmp_path / "a.png")
    for invert, top in (("auto", 0), ("no", 0), ("yes", 255)):
        found, said = read(path, ARRAYS, COLOUR, invert)
        assert found[0].max() == top and ("inverted" in said) == (invert == "yes")


def test_what_is_no_picture_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = half_dark(tmp_path / "whole.png").read_bytes()
    for name, content in (("text.png", b"hello"), ("cut.png", whole[: len(whole) // 2]), ("empty.jpg", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadData, match=rf"{name}: cannot be read as a picture"):
            read(tmp_path / name, ARRAYS, COLOUR)
    monkeypatch.setattr(picture_arrays, "MOST_PIXELS", 300)
    with pytest.raises(BadData, match="20 by 20 pixels are too many"):
        read(tmp_path / "whole.png", ARRAYS, COLOUR)
