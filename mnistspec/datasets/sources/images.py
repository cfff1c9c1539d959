"""Pictures of one's own: a folder with one sub-folder a class, or such folders named `train` and `test`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.layouts import INTERPOLATIONS, PictureLayout
from mnistspec.datasets.loaded import RawData, RawSplit, Request
from mnistspec.datasets.options import Options, number, sizes, text, text_or_none
from mnistspec.datasets.sources.base import DataSource, below
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.spec import SourceSpec

SUFFIXES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
# Beyond so many pictures the facts leave the count to loading: listing a huge folder takes longer than a check may.
MOST_COUNTED = 100_000


def natural_order(path: Path) -> tuple[list[int | str], str]:
    """A sort key under which `file2` comes before `file10`."""
    name = path.as_posix()
    parts: list[int | str] = re.split(r"([0-9]+)", name.lower())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def class_folders(folder: Path) -> list[Path]:
    """The sub-folders, one a class, in natural order. Raises: BadData where there are none."""
    try:
        found = [entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith((".", "__"))]
    except OSError as error:
        raise DataUnavailable(f"{folder}: cannot be read ({error.strerror or error}).") from error
    if not found:
        raise BadData(f"{folder}: there are no sub-folders; the pictures of each class belong into one of their own.")
    return sorted(found, key=natural_order)


def pictures_in(folder: Path) -> Iterator[Path]:
    """The pictures in a folder and the folders below it, in no order; other files are left out."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(parent, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith("."):
                yield path


def folders_of(options: Options, folder: Path) -> tuple[Path, Path | None]:
    """The folders of the training and the test pictures; None where a part of the former is held out for testing."""
    path = below(folder, text(options, "path"))
    test_path = text_or_none(options, "test_path")
    if test_path is not None:
        return path, below(folder, test_path)
    if (path / "train").is_dir() and (path / "test").is_dir():
        return path / "train", path / "test"
    return path, None


def layout_of(options: Options, classes: tuple[str, ...] = ()) -> PictureLayout:
    """The form that the options bring pictures into. Raises: BadData for an interpolation that there is not."""
    height, width = sizes(options, "image_size")
    interpolation = text(options, "interpolation")
    if interpolation not in INTERPOLATIONS:
        raise BadData(f"Pictures cannot be resized with `{interpolation}`; there are {', '.join(INTERPOLATIONS)}.")
    return PictureLayout((height, width), text(options, "color_mode"), interpolation, classes)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """The pictures' shape, and the classes and counts as the folders tell. Raises: BadData for folders without."""
    train, test = folders_of(source.options, folder)
    layout = layout_of(source.options)
    held_out = number(source.options, "test") if test is None else 0.0
    if not train.is_dir():
        return _facts(layout, (), None, None, held_out)
    classes = class_folders(train)
    tested = None if test is None or not test.is_dir() else _count(class_folders(test))
    names = tuple(folder.name for folder in classes)
    return _facts(layout, names, _count(classes), 0 if test is None else tested, held_out)


def _facts(
    layout: PictureLayout, classes: tuple[str, ...], train: int | None, test: int | None, held_out: float
) -> DataFacts:
    pixels = ArrayFacts((*layout.image_size, layout.channels), "uint8", 0, 255)
    count = len(classes) or None
    labels = ArrayFacts((), "int64", 0, count - 1 if count else None, count)
    return DataFacts({"x": pixels}, {"y": labels}, train, 0, test, classes or None, held_out)


def _count(folders: list[Path]) -> int | None:
    count = 0
    for folder in folders:
        before = count
        for _ in pictures_in(folder):
            count += 1
            if count > MOST_COUNTED:
                return None
        _require_pictures(folder, count - before)
    return count


def _require_pictures(folder: Path, count: int) -> None:
    if not count:
        raise BadData(f"{folder}: this class has no pictures ({' '.join(sorted(SUFFIXES))}).")


def load(source: SourceSpec, request: Request) -> RawData:
    """Decodes every picture. Raises: DataUnavailable for no folder, BadData naming a file that is no picture."""
    train, test = folders_of(source.options, request.folder)
    for folder in (train, test):
        if folder is not None and not folder.is_dir():
            raise DataUnavailable(f"{folder}: there is no such folder.")
    names = request.like.classes if isinstance(request.like, PictureLayout) else None
    layout = layout_of(source.options, names or tuple(folder.name for folder in class_folders(train)))
    splits = _read(train, layout, request), None if test is None else _read(test, layout, request)
    known = facts(source, request.folder)
    return RawData(*splits, known, source.name, layout=layout)


def _read(folder: Path, layout: PictureLayout, request: Request) -> RawSplit:
    labelled = _labelled(folder, layout)
    if request.streamed:
        from mnistspec.datasets.picture_streams import stream_pictures

        return stream_pictures(labelled, layout, folder, request.say)
    from mnistspec.datasets.picture_arrays import read_pictures

    return read_pictures(labelled, layout, folder)


def _labelled(folder: Path, layout: PictureLayout) -> list[tuple[Path, int]]:
    """The pictures below a folder with their class ids, class by class, in natural order."""
    found: list[tuple[Path, int]] = []
    for sub in class_folders(folder):
        if sub.name not in layout.classes:
            raise BadData(f"{sub}: the training pictures have no class `{sub.name}`.")
        pictures = sorted(pictures_in(sub), key=natural_order)
        _require_pictures(sub, len(pictures))
        found.extend((path, layout.classes.index(sub.name)) for path in pictures)
    return found


SOURCE = DataSource(facts, load)
