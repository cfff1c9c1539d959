"""Reading a CSV file in the script: columns to arrays, words to class ids."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.csv_table import is_number, layout_of, open_table
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.options import text, text_or_none
from mnistspec.datasets.sources.base import below
from mnistspec.exporters.python_source.layout import Code, call, listing, quoted, statement, table
from mnistspec.exporters.python_source.naming import identifier
from mnistspec.exporters.python_source.parts import Part, SourceToRead, joined, path_part, require_there
from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class _Columns:
    """Which columns feed which array; `words` are the labels whose values are class names."""

    layout: TableLayout
    words: frozenset[str]


def table_part(wanted: SourceToRead) -> tuple[Part, bool]:
    """The code that reads a table, and whether there is one of test rows too. Raises: DataUnavailable, BadData."""
    options = wanted.spec.options
    path = below(wanted.folder, text(options, "path"))
    require_there(path, path.is_file())
    columns = _columns(path, wanted)
    train = _rows(text(options, "path"), wanted, columns.layout)
    parts = [train, _features(wanted, columns), *_classes(wanted, columns), _arrays(wanted.train, wanted, columns)]
    test_path = text_or_none(options, "test_path")
    if test_path is not None and wanted.test is not None:
        parts += [_rows(test_path, wanted, columns.layout), _arrays(wanted.test, wanted, columns)]
    return joined(parts), test_path is not None


def _columns(path: Path, wanted: SourceToRead) -> _Columns:
    with open_table(path, text(wanted.spec.options, "delimiter")) as opened:
        layout = layout_of(wanted.spec.options, opened.header, path)
        _, first = next(opened.rows, (0, []))
        values = dict(zip(opened.header, first, strict=False))
    labels = [label for label in layout.labels.values() if isinstance(label, str)]
    words = [label for label in labels if not is_number(values.get(label, "0"))]
    return _Columns(layout, frozenset(words))


def _rows(path: str, wanted: SourceToRead, layout: TableLayout) -> Part:
    file = path_part(path, wanted.folder)
    delimiter: dict[str, Code] = {"delimiter": quoted(layout.delimiter)} if layout.delimiter != "," else {}
    lines = statement(call("read_rows", file.lines, delimiter), "rows = ")
    return Part(tuple(lines), constants=file.constants, snippets=frozenset(["read_rows"]))


def _features(wanted: SourceToRead, columns: _Columns) -> Part:
    """The list of the only input's columns; those that are left to the header are all but the labels."""
    if tuple(columns.layout.features) != ("x",):
        return Part()
    if wanted.spec.options["features"] is not None:
        return Part(tuple(statement(_names(columns.layout.features["x"]), "features = ")))
    learnt = [name for label in columns.layout.labels.values() for name in _listed(label)]
    labels = statement(_names(learnt), "labels = ")
    return Part((*labels, "features = [name for name in rows[0] if name not in labels]"))


def _listed(label: str | tuple[str, ...]) -> tuple[str, ...]:
    return (label,) if isinstance(label, str) else label


def _names(columns: tuple[str, ...] | list[str]) -> Code:
    return listing(quoted(name) for name in columns)


def _classes(wanted: SourceToRead, columns: _Columns) -> list[Part]:
    """The words of each label in order; validation has those of the training rows."""
    if wanted.like is not None and wanted.like.name == "csv":
        return []
    words = [label for label in columns.layout.labels.values() if isinstance(label, str) and label in columns.words]
    return [Part(tuple(_sorted_words(label, columns))) for label in words]


def _sorted_words(label: str, columns: _Columns) -> list[str]:
    return statement(f"sorted({{row[{quoted(label)}] for row in rows}})", f"{_variable(label, columns)} = ")


def _variable(label: str, columns: _Columns) -> str:
    return "classes" if len(columns.words) == 1 else f"{identifier(label)}_classes"


def _arrays(split: str, wanted: SourceToRead, columns: _Columns) -> Part:
    layout = columns.layout
    plain = tuple(layout.features) == ("x",)
    x = [
        (name, _feature(names, columns, "features" if plain else _names(names)))
        for name, names in layout.features.items()
    ]
    y = [(name, _label(label, wanted, columns, name)) for name, label in layout.labels.items()]
    lines = statement(_one_or_table(x), f"x_{split} = ") + statement(_one_or_table(y), f"y_{split} = ")
    used = [snippet for snippet in ("numbers", "cells", "class_ids") if any(f"{snippet}(" in line for line in lines)]
    return Part(tuple(lines), snippets=frozenset(used))


def _one_or_table(codes: list[tuple[str, Code]]) -> Code:
    plain = len(codes) == 1 and codes[0][0] in ("x", "y")
    return codes[0][1] if plain else table((quoted(name), code) for name, code in codes)


def _feature(names: tuple[str, ...], columns: _Columns, shown: Code) -> Code:
    worded = any(name in columns.layout.text or name in columns.layout.categories for name in names)
    return call("cells" if worded else "numbers", ["rows", shown])


def _label(label: str | tuple[str, ...], wanted: SourceToRead, columns: _Columns, name: str) -> Code:
    if not isinstance(label, str):
        return call("numbers", ["rows", _names(label)])
    if label in columns.words:
        return call("class_ids", ["rows", quoted(label), _variable(label, columns)])
    whole = wanted.facts.y[name].dtype == "int64"
    number, dtype = ("int", "int64") if whole else ("float", "float32")
    values = f"[{number}(row[{quoted(label)}]) for row in rows]"
    return call("np.array", [values, quoted(dtype)])
