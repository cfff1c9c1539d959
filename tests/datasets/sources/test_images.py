from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnistspec.datasets import facts_of, prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.layouts import INTERPOLATIONS, PictureLayout
from mnistspec.datasets.picture_arrays import _FILTERS, decode_one
from mnistspec.diagnostics import BadData, DataUnavailable

from ..making import counts, data_of, loaded, source_of, write_picture

TEXT = "source: {images: {path: pets, image_size: [4, 6], color_mode: grayscale, test: 0.25}}"


def pets(folder: Path, each: int = 4) -> None:
    for name, shade in (("cat", 10), ("dog10", 30), ("dog9", 20)):
        for index in range(each):
            write_picture(folder / name / f"{index}.png", shade + index)


def test_folders_are_classes_in_natural_order(tmp_path: Path) -> None:
    pets(tmp_path / "pets")
    (tmp_path / "pets" / ".hidden").mkdir()
    (tmp_path / "pets" / "cat" / "notes.txt").write_text("no picture")
    facts = prepared_facts(data_of(TEXT), tmp_path)
    data = loaded(TEXT, tmp_path)
    assert data.class_names == facts.class_names == ("cat", "dog9", "dog10")
    assert facts.x["x"] == ArrayFacts((4, 6, 1), "uint8", 0, 255)
    assert facts.y["y"] == data.facts.y["y"] == ArrayFacts((), "int64", 0, 2, 3)
    assert (facts.train, facts.test) == (9, 3) == (data.train.size, data.test.size)
    assert counts(data.test.y["y"]) == {0: 1, 1: 1, 2: 1}
    for picture, label in zip(data.train.x["x"], data.train.y["y"], strict=True):
        assert picture.min() // 10 == label + 1


def test_train_and_test_folders_are_splits(tmp_path: Path) -> None:
    pets(tmp_path / "pets" / "train")
    write_picture(tmp_path / "pets" / "test" / "dog9" / "a.png")
    data = loaded(TEXT, tmp_path)
    assert (data.train.size, data.test.size, data.test.y["y"].tolist()) == (12, 1, [1])
    write_picture(tmp_path / "pets" / "test" / "cow" / "a.png")
    with pytest.raises(BadData, match="the training pictures have no class `cow`"):
        loaded(TEXT, tmp_path)


def test_validation_pictures_take_the_classes_of_training(tmp_path: Path) -> None:
    pets(tmp_path / "pets")
    write_picture(tmp_path / "more" / "dog10" / "a.png")
    data = loaded(f"{TEXT}\nvalidation: {TEXT.removeprefix('source: ').replace('pets', 'more')}", tmp_path)
    assert data.validation.y["y"].tolist() == [2]


@pytest.mark.parametrize(("mode", "channels"), [("grayscale", 1), ("rgb", 3), ("rgba", 4)])
@pytest.mark.parametrize("stored", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_pictures_of_every_mode_come_in_the_mode_asked_for(
    tmp_path: Path, stored: str, mode: str, channels: int
) -> None:
    white = {"RGB": (255,) * 3, "RGBA": (255,) * 4, "LA": (255, 255), "I;16": 65535, "1": 1}.get(stored, 255)
    picture = Image.new(stored, (5, 5), white)
    if stored == "P":
        picture.putpalette([255] * 768)
    (tmp_path / "a" / "c").mkdir(parents=True)
    picture.save(tmp_path / "a" / "c" / "1.png")
    write_picture(tmp_path / "a" / "d" / "1.png", 255)
    data = loaded(f"source: {{images: {{path: a, image_size: [3, 2], color_mode: {mode}, test: 0.5}}}}", tmp_path)
    assert data.train.x["x"].shape == (1, 3, 2, channels)
    assert data.train.x["x"].min() == 255 == data.test.x["x"].min()


def test_every_interpolation_has_its_filter(tmp_path: Path) -> None:
    assert tuple(_FILTERS) == INTERPOLATIONS
    pets(tmp_path / "pets")
    sharp = loaded(TEXT.replace("test:", "interpolation: nearest, test:"), tmp_path)
    assert sharp.train.x["x"].shape[1:] == (4, 6, 1)


def test_folders_without_what_they_should_hold(tmp_path: Path) -> None:
    assert facts_of(source_of(TEXT.removeprefix("source: ")), tmp_path).train is None
    with pytest.raises(DataUnavailable, match="there is no such folder"):
        loaded(TEXT, tmp_path)
    (tmp_path / "pets").mkdir()
    with pytest.raises(BadData, match="there are no sub-folders"):
        loaded(TEXT, tmp_path)
    (tmp_path / "pets" / "cat").mkdir()
    with pytest.raises(BadData, match=r"cat: this class has no pictures \(\.bmp"):
        facts_of(source_of(TEXT.removeprefix("source: ")), tmp_path)


def test_a_picture_that_is_gone_meanwhile_is_named(tmp_path: Path) -> None:
    """As in an epoch that decodes the pictures anew."""
    layout = PictureLayout((4, 4))
    with pytest.raises(BadData, match=r"2\.png: cannot be read as a picture \(No such file or directory\)\."):
        decode_one(tmp_path / "2.png", layout)


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    pets(tmp_path / "pets")
    (tmp_path / "pets" / "cat" / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    with pytest.raises(BadData, match=r"cat/2\.png: cannot be read as a picture"):
        loaded(TEXT, tmp_path)
    whole = write_picture(tmp_path / "pets" / "cat" / "2.png", size=(64, 64)).read_bytes()
    (tmp_path / "pets" / "cat" / "2.png").write_bytes(whole[:60])
    with pytest.raises(BadData, match=r"cat/2\.png: cannot be read as a picture"):
        loaded(TEXT, tmp_path)


def test_a_picture_that_unpacks_to_far_more_than_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistspec.datasets.picture_arrays.MOST_PIXELS", 15)
    pets(tmp_path / "pets")
    with pytest.raises(BadData, match="4 by 4 pixels are too many"):
        loaded(TEXT, tmp_path)


def test_more_pictures_than_the_memory_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets(tmp_path / "pets")
    monkeypatch.setattr("mnistspec.datasets.memory.available_bytes", lambda: 12 * 24 - 1)
    with pytest.raises(BadData, match="of memory"):
        loaded(TEXT, tmp_path)


def test_order_is_the_same_however_many_threads_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets(tmp_path / "pets", each=12)
    many = loaded(TEXT, tmp_path)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    one = loaded(TEXT, tmp_path)
    assert many.digest == one.digest
    assert np.array_equal(many.train.x["x"], one.train.x["x"])
