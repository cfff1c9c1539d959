"""Labelled examples of one's own to measure a run on: an `.npz`, a `.csv`, or a folder of pictures by class."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from mnistspec.datasets.csv_streams import read_like
from mnistspec.datasets.facts import show_names
from mnistspec.datasets.headers import keys_of, open_archive
from mnistspec.datasets.layouts import PictureLayout
from mnistspec.datasets.loaded import Array, Held, RawSplit, Say
from mnistspec.datasets.npz_arrays import require_examples, require_one_length
from mnistspec.datasets.npz_streams import LARGE, read_unless_large
from mnistspec.datasets.on_disk import all_of
from mnistspec.datasets.photos import PhotoReader
from mnistspec.datasets.picture_streams import Pictures, decoded_once
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.raw_input import ordered_pictures, picture_input, trained_table
from mnistspec.datasets.sources.images import class_folders
from mnistspec.datasets.sources.npz import keys_wanted, y_is_x
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.unpacked import has_room
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass
from mnistspec.spec import DataSpec


@dataclass(frozen=True, eq=False)
class OwnExamples:
    """Unprepared examples as the run's source would have them, and what was done to pictures, in words."""

    examples: RawSplit
    said: tuple[str, ...] = ()


def read_own(path: Path, data: DataSpec, preparation: Preparation, *, say: Say = print) -> OwnExamples:
    """The labelled examples in a file or folder; many of them are left on the disk.

    `say` is told of what takes long. Raises: DataUnavailable for a path that is not there, BadData for one that does
    not hold what the run learnt from.
    """
    if not path.exists():
        raise DataUnavailable(f"{path}: there is no such file or folder.")
    if path.is_dir():
        return _pictures(path, preparation, say)
    if path.suffix.lower() == ".npz":
        return OwnExamples(_npz(path, data, preparation, say))
    if path.suffix.lower() == ".csv":
        return OwnExamples(read_like(path, trained_table(preparation, path), say))
    raise BadData(f"{path}: labelled examples are read from an .npz, a .csv, or a folder with one folder a class.")


def _npz(path: Path, data: DataSpec, preparation: Preparation, say: Say) -> RawSplit:
    with open_archive(path) as archive:
        present = keys_of(archive)
    found = next((pair for pair in _key_pairs(data, preparation, present) if _all_in(pair[0], present)), None)
    if found is None:
        wanted = " or ".join(f"`{name}_test`, `{name}`" for name in preparation.x)
        raise BadData(f"{path}: there is no array of inputs ({wanted}); the file has {_listed(present)}.")
    x, y = found
    missing = [key for key in y.values() if key not in present]
    if missing and data.targets != "x":
        raise BadData(f"{path}: there is no array `{missing[0]}` of labels; the file has {_listed(present)}.")
    keys = (*x.values(), *(() if missing else y.values()))
    arrays = read_unless_large(path, keys, say)
    for key, array in arrays.items():
        require_examples(array, f"{path}: `{key}`")
    require_one_length(arrays, path)
    return RawSplit(_named(x, arrays), {} if missing else _named(y, arrays))


def _key_pairs(
    data: DataSpec, preparation: Preparation, present: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """What the inputs and labels may be called in the file: as the run's source has them, or by their own names."""
    options = data.source.options
    same = data.source.name == "npz" and y_is_x(options, present)
    if data.source.name == "npz":
        keys = keys_wanted(options, present)
        if keys.x_test is not None and keys.y_test is not None:
            yield keys.x_test, keys.y_test
        yield keys.x_train, keys.y_train
    for ending in ("_test", ""):
        x = {name: f"{name}{ending}" for name in preparation.x}
        labels = dict(zip(preparation.y, x.values(), strict=False)) if same else None
        yield x, labels or {name: f"{name}{ending}" for name in preparation.y}


def _all_in(keys: Mapping[str, str], present: tuple[str, ...]) -> bool:
    return all(key in present for key in keys.values())


def _named(keys: Mapping[str, str], arrays: Held) -> dict[str, Array | Stored]:
    return {name: arrays[key] for name, key in keys.items()}


def _listed(keys: tuple[str, ...]) -> str:
    return show_names(dict.fromkeys(keys[:20]))


def _pictures(path: Path, preparation: Preparation, say: Say) -> OwnExamples:
    """The pictures of every class' folder, read as `predict` reads pictures."""
    names = preparation.layout.classes if isinstance(preparation.layout, PictureLayout) else preparation.class_names
    if names is None or len(preparation.y) != 1:
        raise BadData(f"{path}: the run does not say how its classes are called, so a folder cannot name one.")
    labelled = [(picture, label) for folder, label in _labelled(path, names) for picture in ordered_pictures(folder)]
    form, reader = picture_input(preparation, path), PhotoReader(preparation)
    x = _pixels(Pictures([picture for picture, _ in labelled], form.layout, path, reader, form.shape), say)
    (label,) = preparation.y
    y = np.array([label for _, label in labelled], dtype=np.int64)
    return OwnExamples(RawSplit({form.name: x}, {label: y}), tuple(reader.said))


def _labelled(path: Path, names: Sequence[str]) -> Iterator[tuple[Path, int]]:
    for folder in class_folders(path):
        if folder.name not in names:
            raise BadData(f"{folder}: the run has no class `{folder.name}`; there are {', '.join(names[:20])}.")
        yield folder, names.index(folder.name)


def _pixels(pictures: Pictures, say: Say) -> Array | Stored:
    """The pictures decoded, many of them into a file where there is room."""
    size = math.prod(pictures.shape)
    if size > LARGE and has_room(size):
        return Stored(all_of(decoded_once(pictures, say)), ())
    return pictures.read(np.arange(len(pictures.paths)))
