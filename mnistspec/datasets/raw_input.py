"""Raw input for prediction: an `.npz`, `.npy` or `.csv` file, a picture or a folder of them, read as in training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from mnistspec.datasets.csv_streams import read_like
from mnistspec.datasets.facts import ArrayFacts, show_names
from mnistspec.datasets.headers import keys_of, open_archive, parse_header
from mnistspec.datasets.layouts import PictureLayout, TableLayout
from mnistspec.datasets.loaded import Array, Held, Say
from mnistspec.datasets.memory import require_memory
from mnistspec.datasets.npz_arrays import plain_array, require_examples
from mnistspec.datasets.npz_streams import LARGE, can_stream, read_unless_large
from mnistspec.datasets.on_disk import FileReader, all_of
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.sources.images import SUFFIXES, natural_order, pictures_in
from mnistspec.datasets.sources.npz import keys_wanted
from mnistspec.datasets.stored import Stored
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass
from mnistspec.spec import SourceSpec


@dataclass(frozen=True, eq=False)
class RawInput:
    """Unprepared inputs (examples, ...) by name, many of them left on the disk, and pictures always.

    `files` has the file of each example, where each has one of its own.
    """

    arrays: Held
    files: tuple[str, ...] | None = None


# Reads pictures (examples, height, width, channels) of bytes; the last argument names them in messages.
Decode: TypeAlias = Callable[[Sequence[Path], PictureLayout, Path], Array]


# Asks for the source that the model learnt from: its options say how an `.npz` of the same layout calls the inputs.
AskSource: TypeAlias = Callable[[], SourceSpec | None]
Keyed: TypeAlias = Mapping[str, str]


def read_raw_input(
    preparation: Preparation,
    path: Path,
    decode: Decode | None = None,
    *,
    source: AskSource = lambda: None,
    say: Say = print,
) -> RawInput:
    """The examples in a file or folder, ready for `Preparation.apply_x`.

    `decode` reads the pictures in place of the decoder that training uses. `say` is told of what takes long.
    Raises: DataUnavailable for a path that is not there, BadData for a file that cannot be such input.
    """
    if not path.exists():
        raise DataUnavailable(f"{path}: there is no such file or folder.")
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        return _pictures(preparation, path, decode)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        known = " ".join(sorted((*_READERS, *SUFFIXES)))
        raise BadData(f"{path}: input is read from a folder of pictures or a file of one of these kinds: {known}.")
    arrays = read(preparation, path, source, say)
    for name, array in arrays.items():
        require_examples(array, f"{path}: `{name}`")
    return RawInput(arrays)


def _npz(preparation: Preparation, path: Path, source: AskSource, say: Say) -> Held:
    names = tuple(preparation.x)
    with open_archive(path) as archive:
        keys = keys_of(archive)
    if all(name in keys for name in names):
        return read_unless_large(path, names, say)
    if len(names) == 1 and len(keys) == 1:
        return {names[0]: read_unless_large(path, keys, say)[keys[0]]}
    own = _as_in_training(source(), names, keys)
    if own is not None:
        arrays = read_unless_large(path, own.values(), say)
        return {name: arrays[key] for name, key in own.items()}
    raise BadData(f"{path}: the model takes the arrays {show_names(preparation.x)}; the file has {', '.join(keys)}.")


def _as_in_training(source: SourceSpec | None, names: tuple[str, ...], keys: tuple[str, ...]) -> Keyed | None:
    """The arrays of inputs in a file that is laid out as the run's own was; the test examples first."""
    called: list[Keyed] = [{name: f"{name}_test" for name in names}]
    if source is not None and source.name == "npz":
        wanted = keys_wanted(source.options, keys)
        called += [*([wanted.x_test] if wanted.x_test is not None else []), wanted.x_train]
    return next((keyed for keyed in called if all(key in keys for key in keyed.values())), None)


def _npy(preparation: Preparation, path: Path, source: AskSource, say: Say) -> Held:
    name = _only_input(preparation, path)
    with path.open("rb") as stream:
        header = parse_header(stream, str(path))
        if header.offset + header.data_bytes != path.stat().st_size:
            raise BadData(f"{path} is damaged: its size is not what its header announces.")
        if header.data_bytes > LARGE and can_stream(header):
            return {name: Stored(all_of(FileReader(stream, header.shape, np.dtype(header.code), header.offset)), ())}
        require_memory(header.data_bytes, str(path))
        stream.seek(0)
        return {name: plain_array(np.lib.format.read_array(stream, allow_pickle=False))}


def _csv(preparation: Preparation, path: Path, source: AskSource, say: Say) -> Held:
    return read_like(path, trained_table(preparation, path).without_labels(), say).x


def trained_table(preparation: Preparation, path: Path) -> TableLayout:
    """Raises: BadData, naming `path`, for a model that was not trained on a table."""
    if not isinstance(preparation.layout, TableLayout):
        raise BadData(f"{path}: the model was not trained on a table, so nothing says which column means what.")
    return preparation.layout


_READERS: dict[str, Callable[[Preparation, Path, AskSource, Say], Held]] = {
    ".npz": _npz,
    ".npy": _npy,
    ".csv": _csv,
}


@dataclass(frozen=True)
class PictureInput:
    """How pictures become a model's only input: the array's name, their form, and the shape of one in the array."""

    name: str
    layout: PictureLayout
    shape: tuple[int, ...]


def picture_input(preparation: Preparation, path: Path) -> PictureInput:
    """Raises: BadData, naming `path`, for a model that does not take pictures."""
    name = _only_input(preparation, path)
    facts = preparation.raw[name]
    layout = preparation.layout if isinstance(preparation.layout, PictureLayout) else _layout_for(facts, path)
    channels = () if len(facts.shape or ()) == 2 else (layout.channels,)
    return PictureInput(name, layout, (*layout.image_size, *channels))


def ordered_pictures(folder: Path) -> list[Path]:
    """The pictures in a folder and below, `file2` before `file10`. Raises: BadData where there are none."""
    paths = sorted(pictures_in(folder), key=natural_order)
    if not paths:
        raise BadData(f"{folder}: there are no pictures in this folder.")
    return paths


def _pictures(preparation: Preparation, path: Path, decode: Decode | None) -> RawInput:
    from mnistspec.datasets.picture_arrays import decode as as_trained
    from mnistspec.datasets.picture_streams import Pictures

    form = picture_input(preparation, path)
    paths = ordered_pictures(path) if path.is_dir() else [path]
    pictures = Pictures(paths, form.layout, path, decode or as_trained, form.shape)
    return RawInput({form.name: Stored(all_of(pictures), ())}, tuple(map(str, paths)))


def _layout_for(facts: ArrayFacts, path: Path) -> PictureLayout:
    """The form of pictures that such arrays hold: (height, width) or (height, width, channels) of bytes."""
    shape, modes = facts.shape, {1: "grayscale", 3: "rgb", 4: "rgba"}
    if shape is None or facts.dtype != "uint8" or len(shape) not in (2, 3) or (*shape, 1)[2] not in modes:
        raise BadData(f"{path}: the model was not trained on pictures of one byte a value.")
    height, width, channels = (*shape, 1)[:3]
    assert height is not None and width is not None and channels is not None
    return PictureLayout((height, width), modes[channels])


def _only_input(preparation: Preparation, path: Path) -> str:
    if len(preparation.x) != 1:
        raise BadData(f"{path}: the model takes the arrays {show_names(preparation.x)}: give an .npz file with all.")
    return next(iter(preparation.x))
