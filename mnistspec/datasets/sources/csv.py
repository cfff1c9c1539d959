"""A table of one's own in a CSV file: numbers, categories and text, with one or several labels."""

from __future__ import annotations

import math
from dataclasses import field, replace
from itertools import islice
from pathlib import Path

from mnistspec.datasets.csv_table import Table, bad_cell, is_number, layout_of, open_table, to_number
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import number, text, text_or_none
from mnistspec.datasets.sources.base import DataSource, below
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass
from mnistspec.spec import SourceSpec

_SAMPLE = 1000  # rows looked at before anything is loaded


@dataclass(frozen=True)
class _Sample:
    """The first rows, as values by column; `complete` where these are all."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: int = 0
    complete: bool = False


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """What the header and the first 1,000 rows tell; the counts and classes of a longer file stay unknown.

    Raises: BadData for columns that are not there, and for values in these rows that do not fit.
    """
    options = source.options
    path = below(folder, text(options, "path"))
    if not path.is_file():
        return _facts(layout_of(options, None, path), _Sample(), None)
    with open_table(path, text(options, "delimiter")) as table:
        layout = layout_of(options, table.header, path)
        sample = _sample(table, layout)
    test_path = text_or_none(options, "test_path")
    known = _facts(layout, sample, None if test_path else 0)
    return known if test_path else replace(known, held_out=number(options, "test"))


def _sample(table: Table, layout: TableLayout) -> _Sample:
    rows = list(islice(table.rows, _SAMPLE + 1))
    if not rows:
        raise BadData(f"{table.path}: there are no rows below the header.")
    lines = [line for line, _ in rows[:_SAMPLE]]
    cells = dict(zip(table.header, zip(*(row for _, row in rows[:_SAMPLE]), strict=True), strict=True))
    columns = {name: list(cells[name]) for name in layout.columns()}
    for name, values in columns.items():
        if _is_numeric(name, values[0], layout) and not _all_numbers(values):
            _require_numbers(table.path, name, lines, values)
    return _Sample(columns, len(lines), complete=len(rows) <= _SAMPLE)


def _is_numeric(name: str, first: str, layout: TableLayout) -> bool:
    if name in layout.text or name in layout.categories:
        return False
    single_label = any(label == name for label in layout.labels.values())
    return not single_label or not first.strip() or is_number(first)


def _all_numbers(values: list[str]) -> bool:
    """Whether `to_number` surely takes every value; for a whole column this is many times as fast.

    What is not finite makes the sum so too; finite numbers whose sum is too large are then looked at one by one.
    """
    try:
        return math.isfinite(sum(map(float, values)))
    except ValueError:
        return False


def _require_numbers(path: Path, name: str, lines: list[int], values: list[str]) -> None:
    for line, value in zip(lines, values, strict=True):
        try:
            to_number(value)
        except ValueError as error:
            raise bad_cell(path, line, name, str(error)) from None


def _facts(layout: TableLayout, sample: _Sample, test: int | None) -> DataFacts:
    labels = {name: _label(label, sample, layout) for name, label in layout.labels.items()}
    return DataFacts(
        x={name: _feature(columns, layout, sample) for name, columns in layout.features.items()},
        y={name: known for name, (known, _) in labels.items()},
        train=sample.rows if sample.complete else None,
        validation=0,
        test=test,
        class_names=next((names for _, names in labels.values()), None) if len(labels) == 1 else None,
    )


def _feature(columns: tuple[str, ...], layout: TableLayout, sample: _Sample) -> ArrayFacts:
    shape = (len(columns),) if sample.columns or columns else None
    if columns and all(column in layout.text for column in columns):
        return ArrayFacts(shape, "string")
    if columns and all(column in layout.categories for column in columns):
        words = [len(set(sample.columns[column])) for column in columns] if sample.complete else []
        return ArrayFacts(shape, "int32", 0, max(words, default=None))
    return ArrayFacts(shape, "float32")


def _label(
    label: str | tuple[str, ...], sample: _Sample, layout: TableLayout
) -> tuple[ArrayFacts, tuple[str, ...] | None]:
    """What is known of a label, and the names of its classes."""
    if not isinstance(label, str):
        return ArrayFacts((len(label),), "float32"), None
    values = sample.columns.get(label)
    if not values:
        return ArrayFacts((), None), None
    if not _is_numeric(label, values[0], layout):
        names = tuple(sorted(set(values))) if sample.complete else None
        last = len(names) - 1 if names else None
        return ArrayFacts((), "int64", 0, last, len(names) if names else None), names
    return _numeric_label(values, sample.complete), None


def _numeric_label(values: list[str], complete: bool) -> ArrayFacts:
    if not all(value.strip().lstrip("+-").isdecimal() for value in values):
        return ArrayFacts((), "float32")
    if not complete:
        return ArrayFacts((), "int64")
    low, high = min(map(int, values)), max(map(int, values))
    return ArrayFacts((), "int64", low, high, high + 1 if low >= 0 else None)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the whole table. Raises: DataUnavailable for no file, BadData with line and column for a bad value."""
    from mnistspec.datasets.csv_arrays import read_table

    options = source.options
    path = below(request.folder, text(options, "path"))
    with open_table(path, text(options, "delimiter")) as table:
        columns = layout_of(options, table.header, path)
    like = request.like if isinstance(request.like, TableLayout) else None
    train, layout = read_table(path, columns, like)
    test_path = text_or_none(options, "test_path")
    test = read_table(below(request.folder, test_path), layout, layout)[0] if test_path else None
    known = _facts(layout, _Sample(), 0)
    held_out = 0.0 if test else number(options, "test")
    names = next(iter(layout.classes.values())) if len(layout.labels) == 1 and layout.classes else None
    return RawData(train, test, replace(known, held_out=held_out, class_names=names), source.name, layout=layout)


SOURCE = DataSource(facts, load)
