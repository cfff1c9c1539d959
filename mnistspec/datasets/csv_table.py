"""Rows of a CSV file with the lines they stand on, and which columns of it feed which array."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from mnistspec.calls import Value
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.options import Options, names, text, value
from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Table:
    """An open CSV file: the names of its columns and its rows, each with its line (from 1) in the file."""

    path: Path
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_table(path: Path, delimiter: str) -> Iterator[Table]:
    """The table at `path`, UTF-8, its first row the names of the columns.

    Raises: DataUnavailable where there is no such file; BadData, there or while reading rows, for what is no table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = _rows(path, stream, delimiter)
            _, header = next(rows, (1, []))
            yield Table(path, _header(path, header), rows)
    except OSError as error:
        raise DataUnavailable(f"{path}: cannot be read ({error.strerror or error}).") from error


def _rows(path: Path, stream: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with their lines; each has as many values as the first."""
    import csv

    reader = csv.reader(stream, delimiter=delimiter, skipinitialspace=True)
    width = 0
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != width:
                if width:
                    message = f"{path}:{reader.line_num}: {len(row)} values, but the header names {width} columns."
                    raise BadData(message)
                width = len(row)
            yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise BadData(f"{path}:{reader.line_num + 1}: the text is not UTF-8.") from error
    except csv.Error as error:
        raise BadData(f"{path}:{reader.line_num}: not CSV ({error}).") from error


def _header(path: Path, row: list[str]) -> tuple[str, ...]:
    header = tuple(name.strip() for name in row)
    if not header:
        raise BadData(f"{path}: the file is empty; its first row must name the columns.")
    for index, name in enumerate(header):
        if not name or name in header[:index]:
            raise BadData(f"{path}:1: column {index + 1} has {'the same name as another' if name else 'no name'}.")
    return header


def layout_of(options: Options, header: tuple[str, ...] | None, path: Path) -> TableLayout:
    """Which columns feed which array; without a header (no file) as far as the options tell.

    Raises: BadData for columns that the header does not have, and for text beside numbers in one input.
    """
    label = value(options, "label")
    labels = dict(label) if isinstance(label, Mapping) else {"y": label if isinstance(label, str) else names(label)}
    layout = TableLayout(
        features=_features(options, labels, header),
        labels={name: column if isinstance(column, str) else names(column) for name, column in labels.items()},
        text=names(value(options, "text")),
        categories=dict.fromkeys(names(value(options, "categories")), ()),
        delimiter=text(options, "delimiter"),
    )
    if header is not None:
        require_columns((*layout.columns(), *layout.text, *layout.categories), header, path)
    _separate_text(layout, path)
    return layout


def _features(
    options: Options, labels: Mapping[str, Value], header: tuple[str, ...] | None
) -> dict[str, tuple[str, ...]]:
    features = value(options, "features")
    if isinstance(features, Mapping):
        return {name: names(columns) for name, columns in features.items()}
    if features is not None:
        return {"x": names(features)}
    learnt = {column for label in labels.values() for column in names(label)}
    return {"x": tuple(column for column in header or () if column not in learnt)}


def require_columns(columns: Iterable[str], header: tuple[str, ...], path: Path) -> None:
    """Raises: BadData for a column that the header does not have."""
    for column in columns:
        if column not in header:
            import difflib

            close = difflib.get_close_matches(column, header, 1)
            hint = f"; did you mean `{close[0]}`?" if close else "."
            listed = ", ".join(f"`{name}`" for name in header[:20])
            raise BadData(f"{path}: there is no column `{column}`; the header names {listed}{hint}")


def _separate_text(layout: TableLayout, path: Path) -> None:
    for name, columns in layout.features.items():
        texts = [column for column in columns if column in layout.text]
        if texts and len(texts) < len(columns):
            raise BadData(
                f"{path}: input `{name}` mixes text (`{texts[0]}`) with numbers: give them inputs of their own,"
                " as in `features: {review: [text], rest: [a, b]}`."
            )


def to_number(value: str) -> float:
    """A finite number. Raises: ValueError, its text saying what the value is instead."""
    if not value.strip():
        raise ValueError("the value is missing")
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"'{value[:40]}' is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"'{value[:40]}' is not a finite number")
    return number


def is_number(value: str) -> bool:
    """Whether the value can be read as a finite number."""
    try:
        to_number(value)
    except ValueError:
        return False
    return True


def bad_cell(path: Path, line: int, column: str, problem: str) -> BadData:
    """The error for one value of a table, naming its place."""
    return BadData(f"{path}:{line}: column `{column}`: {problem}.")
