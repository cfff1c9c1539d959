"""Reading a source in the script: the code that sets `x_train`, `y_train`, `x_test` and `y_test`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mnistspec.data_language import SOURCE
from mnistspec.datasets.headers import keys_of, open_archive
from mnistspec.datasets.options import text
from mnistspec.datasets.sources.base import below
from mnistspec.datasets.sources.images import SUFFIXES, folders_of
from mnistspec.datasets.sources.npz import Keys, keys_wanted
from mnistspec.exporters.python_source.layout import INDENT, Code, call, listing, quoted, statement, table
from mnistspec.exporters.python_source.objects import expression
from mnistspec.exporters.python_source.parts import Part, SourceToRead, path_part, require_there
from mnistspec.exporters.python_source.tables import table_part

_SAMPLE = (
    "# 5,000 digits that come with mnistspec: copy `datasets/mnist_sample.npz` from its",
    "# package's folder to where this script is started.",
    'SAMPLE = Path("mnist_sample.npz")',
)
_SAMPLE_KEYS = Keys({"x": "x_train"}, {"y": "y_train"}, {"x": "x_test"}, {"y": "y_test"})


def source_part(wanted: SourceToRead) -> tuple[Part, bool]:
    """The code that reads a source, and whether that sets the test split too.

    Where `facts.y_is_x`, only x is set. Raises: DataUnavailable for a file that is not there, since what is in it
    decides the code; BadData as its facts do.
    """
    return _READERS.get(wanted.spec.name, _keras_set)(wanted)


def _keras_set(wanted: SourceToRead) -> tuple[Part, bool]:
    fields = SOURCE.options[wanted.spec.name].fields
    options = {name: value for name, value in wanted.spec.options.items() if value != fields[name].default}
    codes = {name: expression(value) for name, value in options.items()}
    load = call(f"keras.datasets.{wanted.spec.name}.load_data", (), codes)
    targets = [f"(x_{split}, y_{split})" if split else "_" for split in (wanted.train, wanted.test)]
    return Part(tuple(statement(load, ", ".join(targets) + " = "))), True


def _sample(wanted: SourceToRead) -> tuple[Part, bool]:
    lines = _from_archive("SAMPLE", _SAMPLE_KEYS, wanted)
    return Part(tuple(lines), constants={"SAMPLE": _SAMPLE}), True


def _npz(wanted: SourceToRead) -> tuple[Part, bool]:
    written = text(wanted.spec.options, "path")
    path = below(wanted.folder, written)
    require_there(path, path.is_file())
    with open_archive(path) as archive:
        keys = keys_wanted(wanted.spec.options, keys_of(archive))
    file = path_part(written, wanted.folder)
    lines = _from_archive(file.lines[0], keys, wanted)
    return Part(tuple(lines), constants=file.constants), keys.x_test is not None


def _from_archive(path: Code, keys: Keys, wanted: SourceToRead) -> list[str]:
    groups: list[tuple[str, Mapping[str, str] | None]] = []
    for split, x, y in ((wanted.train, keys.x_train, keys.y_train), (wanted.test, keys.x_test, keys.y_test)):
        if split is not None and x is not None:
            groups += [(f"x_{split}", x), *([] if wanted.facts.y_is_x else [(f"y_{split}", y)])]
    lines = statement(call("np.load", [path], {"allow_pickle": "False"}), "with ", " as arrays:")
    for variable, group in groups:
        lines += [INDENT + line for line in statement(_arrays(group or {}), f"{variable} = ", depth=2)]
    return lines


def _arrays(group: Mapping[str, str]) -> Code:
    """One array, or a dict of arrays by name."""
    codes = {name: f"arrays[{quoted(key)}]" for name, key in group.items()}
    plain = len(codes) == 1 and next(iter(codes)) in ("x", "y")
    return next(iter(codes.values())) if plain else table((quoted(name), code) for name, code in codes.items())


def _images(wanted: SourceToRead) -> tuple[Part, bool]:
    options = wanted.spec.options
    train, test = folders_of(options, wanted.folder)
    require_there(train, train.is_dir())
    suffixes = listing(quoted(suffix) for suffix in sorted(SUFFIXES))
    constants = {
        "CLASSES": tuple(statement(expression(list(wanted.facts.class_names or ())), "CLASSES = ", depth=0)),
        "SUFFIXES": tuple(statement(suffixes, "SUFFIXES = ", depth=0)),
    }
    part = Part(constants=constants, snippets=frozenset(["load_pictures"]))
    part += _pictures(train, wanted.train, wanted)
    if test is not None and wanted.test is not None:
        part += _pictures(test, wanted.test, wanted)
    return part, test is not None


def _pictures(folder: Path, split: str, wanted: SourceToRead) -> Part:
    options = wanted.spec.options
    form: dict[str, Any] = {
        "target_size": options["image_size"],
        "color_mode": options["color_mode"],
        "interpolation": options["interpolation"],
    }
    path = path_part(_as_written(folder, wanted), wanted.folder)
    load = call("load_pictures", path.lines, {name: expression(value) for name, value in form.items()})
    return Part(tuple(statement(load, f"x_{split}, y_{split} = ")), constants=path.constants)


def _as_written(found: Path, wanted: SourceToRead) -> str:
    """The path of a folder of pictures as the spec would write it."""
    written = text(wanted.spec.options, "path")
    base = below(wanted.folder, written)
    if found == base:
        return written
    return (Path(written) / found.name).as_posix() if found.parent == base else text(wanted.spec.options, "test_path")


_READERS: dict[str, Callable[[SourceToRead], tuple[Part, bool]]] = {
    "mnist_sample": _sample,
    "npz": _npz,
    "csv": table_part,
    "images": _images,
}
