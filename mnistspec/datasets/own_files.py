"""Labelled examples of one's own to measure a run on: an `.npz`, a `.csv`, or a folder of pictures by class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from mnistspec.datasets.facts import show_names
from mnistspec.datasets.headers import keys_of, open_archive
from mnistspec.datasets.layouts import PictureLayout, TableLayout
from mnistspec.datasets.loaded import Array, RawSplit, Request
from mnistspec.datasets.npz_arrays import read_arrays, require_examples
from mnistspec.datasets.photos import PhotoReader
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.raw_input import read_raw_input
from mnistspec.datasets.sources import csv
from mnistspec.datasets.sources.images import class_folders
from mnistspec.datasets.sources.npz import keys_wanted, y_is_x
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass
from mnistspec.spec import DataSpec, SourceSpec


@dataclass(frozen=True, eq=False)
class OwnExamples:
    """Unprepared examples as the run's source would have them, and what was done to pictures, in words."""

    examples: RawSplit
    said: tuple[str, ...] = ()


def read_own(path: Path, data: DataSpec, preparation: Preparation) -> OwnExamples:
    """The labelled examples in a file or folder.

    Raises: DataUnavailable for a path that is not there, BadData for one that does not hold what the run learnt from.
    """
    if not path.exists():
        raise DataUnavailable(f"{path}: there is no such file or folder.")
    if path.is_dir():
        return _pictures(path, preparation)
    if path.suffix.lower() == ".npz":
        return OwnExamples(_npz(path, data, preparation))
    if path.suffix.lower() == ".csv":
        return OwnExamples(_csv(path, preparation))
    raise BadData(f"{path}: labelled examples are read from an .npz, a .csv, or a folder with one folder a class.")


def _npz(path: Path, data: DataSpec, preparation: Preparation) -> RawSplit:
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
    arrays = read_arrays(path, (*x.values(), *(() if missing else y.values())))
    _require_one_length(path, arrays)
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


def _named(keys: Mapping[str, str], arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: arrays[key] for name, key in keys.items()}


def _listed(keys: tuple[str, ...]) -> str:
    return show_names(dict.fromkeys(keys[:20]))


def _require_one_length(path: Path, arrays: Mapping[str, Array]) -> None:
    for key, array in arrays.items():
        require_examples(array, f"{path}: `{key}`")
    if len({len(array) for array in arrays.values()}) > 1:
        told = ", ".join(f"`{key}` {len(array)}" for key, array in arrays.items())
        raise BadData(f"{path}: the arrays differ in the number of examples: {told}.")


def _csv(path: Path, preparation: Preparation) -> RawSplit:
    layout = preparation.layout
    if not isinstance(layout, TableLayout):
        raise BadData(f"{path}: the model was not trained on a table, so nothing says which column means what.")
    columns = {
        "path": str(path.absolute()),
        "features": layout.features,
        "label": layout.labels,
        "text": layout.text,
        "categories": tuple(layout.categories),
        "delimiter": layout.delimiter,
        "test_path": None,
        "test": 0.0,
    }
    return csv.load(SourceSpec("csv", columns), Request(Path(), like=layout)).train


def _pictures(path: Path, preparation: Preparation) -> OwnExamples:
    """The pictures of every class' folder, read as `predict` reads pictures."""
    names = preparation.layout.classes if isinstance(preparation.layout, PictureLayout) else preparation.class_names
    if names is None or len(preparation.y) != 1:
        raise BadData(f"{path}: the run does not say how its classes are called, so a folder cannot name one.")
    reader = PhotoReader(preparation)
    read: list[Mapping[str, Array]] = []
    labels: list[int] = []
    for folder in class_folders(path):
        if folder.name not in names:
            raise BadData(f"{folder}: the run has no class `{folder.name}`; there are {', '.join(names[:20])}.")
        read.append(read_raw_input(preparation, folder, reader).arrays)
        labels += [names.index(folder.name)] * (len(reader.said) - len(labels))
    x = {name: np.concatenate([arrays[name] for arrays in read]) for name in preparation.x}
    (label,) = preparation.y
    return OwnExamples(RawSplit(x, {label: np.array(labels, dtype=np.int64)}), tuple(reader.said))
