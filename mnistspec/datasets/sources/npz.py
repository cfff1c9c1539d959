"""Arrays of one's own in a NumPy `.npz` file, one or several for inputs and for labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.calls import Value
from mnistspec.datasets.facts import UNKNOWN, ArrayFacts, DataFacts
from mnistspec.datasets.headers import ArrayHeader, keys_of, open_archive, read_header
from mnistspec.datasets.loaded import Held, RawData, RawSplit, Request
from mnistspec.datasets.options import Options, integer_or_none, number, text, value
from mnistspec.datasets.sources.base import DataSource, below
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass
from mnistspec.spec import SourceSpec

if TYPE_CHECKING:
    import zipfile


@dataclass(frozen=True)
class Keys:
    """The keys in the file by array name; tests are None where the file has no test arrays."""

    x_train: Mapping[str, str]
    y_train: Mapping[str, str]
    x_test: Mapping[str, str] | None
    y_test: Mapping[str, str] | None

    def all(self) -> tuple[str, ...]:
        """Every key wanted, each once."""
        groups = (self.x_train, self.y_train, self.x_test or {}, self.y_test or {})
        return tuple(dict.fromkeys(key for group in groups for key in group.values()))


def y_is_x(options: Options, present: Iterable[str]) -> bool:
    """Whether `y_train: same` says that what is learnt is the input itself; an array of that name goes before."""
    return value(options, "y_train") == "same" and "same" not in present


def keys_wanted(options: Options, present: Iterable[str]) -> Keys:
    """The keys that the options mean, given those present in the file.

    The keys of the test arrays are what the options say: one key, a map, or null for none. Where `x_test` is left at
    its default, the test arrays are those named like the training arrays, with `test` for `train` in the key (or
    `_test` after it), if the file has any; if not, a part of the training arrays is held out. `y_test` likewise.
    """
    keys = tuple(present)
    x_train = _named(value(options, "x_train"), "x")
    x_test = _test_keys(value(options, "x_test"), "x_test", x_train, "x", keys)
    if y_is_x(options, keys):
        return Keys(x_train, _same(x_train), x_test, None if x_test is None else _same(x_test))
    y_train = _named(value(options, "y_train"), "y")
    if x_test is None:
        return Keys(x_train, y_train, None, None)
    if value(options, "y_test") == "same" and "same" not in keys:
        return Keys(x_train, y_train, x_test, _same(x_test))
    y_test = _test_keys(value(options, "y_test"), "y_test", y_train, "y", keys)
    return Keys(x_train, y_train, x_test, y_test or _test_names(y_train))


def _named(keys: Value, name: str) -> dict[str, str]:
    return {key: str(item) for key, item in keys.items()} if isinstance(keys, Mapping) else {name: str(keys)}


def _same(x: Mapping[str, str]) -> dict[str, str]:
    return {"y": x["x"]} if x.keys() == {"x"} else dict(x)


def _test_names(train: Mapping[str, str]) -> dict[str, str]:
    return {name: key.replace("train", "test") if "train" in key else f"{key}_test" for name, key in train.items()}


def _test_keys(
    written: Value, default: str, train: Mapping[str, str], name: str, present: tuple[str, ...]
) -> dict[str, str] | None:
    if written is None:
        return None
    if written != default:
        return _named(written, name)
    if default in present and len(train) == 1:
        return dict.fromkeys(train, default)
    derived = _test_names(train)
    return derived if any(key in present for key in derived.values()) else None


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """Shapes, dtypes and counts from the headers. Raises: BadData for keys that are not there or do not fit."""
    path = below(folder, text(source.options, "path"))
    if not path.is_file():
        return _unknown(source.options)
    with open_archive(path) as archive:
        return _facts(archive, path, source.options)


def _unknown(options: Options) -> DataFacts:
    x = _named(value(options, "x_train"), "x")
    y = _named(value(options, "y_train"), "y")
    return DataFacts(dict.fromkeys(x, UNKNOWN), dict.fromkeys(y, UNKNOWN))


def _facts(archive: zipfile.ZipFile, path: Path, options: Options) -> DataFacts:
    present = keys_of(archive)
    wanted = keys_wanted(options, present)
    for key in wanted.all():
        _require_key(key, present, path)
    headers = {key: read_header(archive, key, path) for key in wanted.all()}
    train = _count(headers, (wanted.x_train, wanted.y_train), path)
    _same_names(wanted, path)
    tested = wanted.x_test is not None
    return DataFacts(
        x={name: _array_facts(headers[key]) for name, key in wanted.x_train.items()},
        y={name: _label_facts(headers[key], options, f"{path}: `{key}`") for name, key in wanted.y_train.items()},
        train=train,
        validation=0,
        test=_count(headers, (wanted.x_test or {}, wanted.y_test or {}), path) if tested else 0,
        held_out=0.0 if tested else number(options, "test"),
        y_is_x=y_is_x(options, present),
    )


def _require_key(key: str, present: tuple[str, ...], path: Path) -> None:
    if key in present:
        return
    import difflib

    close = difflib.get_close_matches(key, present, 1)
    hint = f"; did you mean `{close[0]}`?" if close else "."
    listed = ", ".join(f"`{name}`" for name in present[:20]) or "no arrays"
    advice = " For an autoencoder say `y_train: same`." if key == "y_train" else ""
    raise BadData(f"{path}: there is no array `{key}`; the file has {listed}{hint}{advice}")


def _count(headers: Mapping[str, ArrayHeader], groups: Iterable[Mapping[str, str]], path: Path) -> int:
    """How many examples the arrays of a split have. Raises: BadData where they do not agree, or have none."""
    sizes = {key: headers[key].shape[:1] for group in groups for key in group.values()}
    for key, size in sizes.items():
        if size in ((), (0,)):
            raise BadData(f"{path}: `{key}` holds no examples.")
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"`{key}` {size[0]}" for key, size in sizes.items())
        raise BadData(f"{path}: the arrays of one split differ in the number of examples: {told}.")
    return next(iter(sizes.values()))[0]


def _same_names(wanted: Keys, path: Path) -> None:
    for which, train, test in (("x", wanted.x_train, wanted.x_test), ("y", wanted.y_train, wanted.y_test)):
        if test is not None and test.keys() != train.keys():
            raise BadData(f"{path}: `{which}_test` must name the arrays that `{which}_train` names: {list(train)}.")


def _array_facts(header: ArrayHeader) -> ArrayFacts:
    return ArrayFacts(header.shape[1:], header.dtype)


def _label_facts(header: ArrayHeader, options: Options, where: str) -> ArrayFacts:
    if header.dtype == "string":
        raise BadData(f"{where} holds text; save class ids, the numbers 0, 1, 2, ... in its place.")
    known = _array_facts(header)
    classes = integer_or_none(options, "classes")
    return replace(known, classes=classes) if header.dtype.startswith(("int", "uint", "bool")) else known


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the arrays. Raises: DataUnavailable for a file that is not there, BadData for one that does not fit."""
    path = below(request.folder, text(source.options, "path"))
    if not path.is_file():
        raise DataUnavailable(f"{path}: there is no such file.")
    with open_archive(path) as archive:
        known = _facts(archive, path, source.options)
        wanted = keys_wanted(source.options, keys_of(archive))
    arrays = _arrays(path, wanted.all(), request)

    def split(x: Mapping[str, str], y: Mapping[str, str]) -> RawSplit:
        return RawSplit({name: arrays[key] for name, key in x.items()}, {name: arrays[key] for name, key in y.items()})

    test = split(wanted.x_test, wanted.y_test) if wanted.x_test and wanted.y_test else None
    return RawData(split(wanted.x_train, wanted.y_train), test, known, source.name)


def _arrays(path: Path, keys: tuple[str, ...], request: Request) -> Held:
    if request.streamed:
        from mnistspec.datasets.npz_streams import stream_arrays

        return stream_arrays(path, keys, request.say)
    from mnistspec.datasets.npz_arrays import read_arrays

    return read_arrays(path, keys)


SOURCE = DataSource(facts, load)
