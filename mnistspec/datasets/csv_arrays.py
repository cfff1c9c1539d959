"""The columns of a CSV file as arrays: numbers, categories and classes by id, text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from mnistspec.datasets.csv_table import Table, bad_cell, is_number, open_table, require_columns, to_number
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.loaded import Array, Arrays, RawSplit
from mnistspec.datasets.memory import require_memory
from mnistspec.diagnostics import BadData

_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*")


class Column(Protocol):
    """Takes the values of one column, one by one. Raises: ValueError, saying what is wrong with a value."""

    def add(self, value: str) -> None: ...


@dataclass
class Numbers:
    """A column of numbers; `integers` as long as every one is written as an integer."""

    values: array[float] = field(default_factory=lambda: array("d"))
    integers: bool = True

    def add(self, value: str) -> None:
        self.values.append(to_number(value))
        self.integers = self.integers and _INTEGER.fullmatch(value) is not None

    def column(self) -> Array:
        """The numbers, int64 or float32 (examples,)."""
        numbers = np.frombuffer(self.values, dtype=np.float64)
        return numbers.astype(np.int64 if self.integers else np.float32)


@dataclass
class Words:
    """A column of words, each with the id of its first appearance; a fixed set of words takes no others.

    `strict` says that another word is an error; where it is not, it counts as unknown (id -1).
    """

    known: tuple[str, ...] | None = None
    strict: bool = True
    ids: array[int] = field(default_factory=lambda: array("q"))

    def __post_init__(self) -> None:
        self._index = {word: index for index, word in enumerate(self.known or ())}

    def add(self, value: str) -> None:
        if not value.strip():
            raise ValueError("the value is missing")
        index = self._index.get(value)
        if index is None:
            index = self._new(value)
        self.ids.append(index)

    def _new(self, value: str) -> int:
        if self.known is None:
            return self._index.setdefault(value, len(self._index))
        if self.strict:
            raise ValueError(f"'{value[:40]}' is not among the classes of the training data")
        return -1

    def ranked(self) -> tuple[Array, tuple[str, ...]]:
        """The ids (examples,) by the place of each word in the sorted vocabulary (-1: unknown), and the vocabulary."""
        ids = np.frombuffer(self.ids, dtype=np.int64)
        if self.known is not None:
            return ids, self.known
        words = tuple(sorted(self._index))
        rank = {word: place for place, word in enumerate(words)}
        return np.array([rank[word] for word in self._index], dtype=np.int64)[ids], words


@dataclass
class Texts:
    """A column of text, kept as it is."""

    values: list[str] = field(default_factory=list)

    def add(self, value: str) -> None:
        self.values.append(value)

    def column(self) -> Array:
        """The strings (examples,), dtype object."""
        column = np.empty(len(self.values), dtype=object)
        column[:] = self.values
        return column


def read_table(path: Path, layout: TableLayout, like: TableLayout | None = None) -> tuple[RawSplit, TableLayout]:
    """The arrays of a file, and the layout with the vocabularies found in it, or those of `like` where it has them.

    Raises: DataUnavailable for no file, BadData with line and column for a value that does not fit.
    """
    with open_table(path, layout.delimiter) as table:
        require_columns(layout.columns(), table.header, path)
        require_memory(4 * path.stat().st_size, str(path))
        return arrays_of(table, layout, like)


def arrays_of(table: Table, layout: TableLayout, like: TableLayout | None) -> tuple[RawSplit, TableLayout]:
    """The arrays of an open table that has the columns. Raises: BadData."""
    columns = _read(table, layout, like)
    found = _vocabularies(layout, columns)
    x = {name: _features(columns, names, layout) for name, names in layout.features.items()}
    y = {name: _labels(columns, label) for name, label in layout.labels.items()}
    return RawSplit(x, y), found


def _read(table: Table, layout: TableLayout, like: TableLayout | None) -> dict[str, Column]:
    needed = [(table.header.index(name), name) for name in layout.columns()]
    columns: dict[str, Column] = {}
    for line, row in table.rows:
        if not columns:
            columns = {name: _new_column(name, row[place], layout, like) for place, name in needed}
        for place, name in needed:
            try:
                columns[name].add(row[place])
            except ValueError as error:
                raise bad_cell(table.path, line, name, str(error)) from None
    if not columns:
        raise BadData(f"{table.path}: there are no rows below the header.")
    return columns


def _new_column(name: str, first: str, layout: TableLayout, like: TableLayout | None) -> Column:
    """What kind of column it is. A label is a class name where the first row has a word, and a number otherwise."""
    if name in layout.text:
        return Texts()
    if name in layout.categories:
        return Words(like.categories.get(name) if like else None, strict=False)
    single_label = any(label == name for label in layout.labels.values())
    if like is not None and single_label:
        return Words(like.classes[name]) if name in like.classes else Numbers()
    return Words() if single_label and first.strip() and not is_number(first) else Numbers()


def _vocabularies(layout: TableLayout, columns: Mapping[str, Column]) -> TableLayout:
    words = {name: column.ranked()[1] for name, column in columns.items() if isinstance(column, Words)}
    return replace(
        layout,
        categories={name: words[name] for name in layout.categories if name in words},
        classes={name: found for name, found in words.items() if name not in layout.categories},
    )


def _features(columns: Mapping[str, Column], names: Iterable[str], layout: TableLayout) -> Array:
    """One input (examples, columns): text as objects, categories alone as int32, anything else as float32."""
    kinds = [columns[name] for name in names]
    if all(isinstance(column, Texts) for column in kinds):
        return np.stack([_values(column) for column in kinds], axis=1)
    dtype = np.int32 if all(isinstance(column, Words) for column in kinds) else np.float32
    return np.stack([_values(column).astype(dtype) for column in kinds], axis=1)


def _values(column: Column) -> Array:
    if isinstance(column, Words):
        return column.ranked()[0] + 1
    assert isinstance(column, (Numbers, Texts))
    return column.column()


def _labels(columns: Mapping[str, Column], label: str | tuple[str, ...]) -> Array:
    """Class ids or numbers (examples,) of one column, float32 (examples, columns) of several."""
    if not isinstance(label, str):
        return np.stack([_values(columns[name]).astype(np.float32) for name in label], axis=1)
    column = columns[label]
    return column.ranked()[0] if isinstance(column, Words) else _values(column)


def only_seen(layout: TableLayout, inputs: Iterable[Arrays]) -> tuple[TableLayout, list[dict[str, Array]]]:
    """Leaves in the vocabularies of the categories only the words of the training rows; the others become 0.

    Takes the inputs of all splits, training first, and returns the layout and the inputs, renumbered.
    """
    splits = [dict(arrays) for arrays in inputs]
    categories = dict(layout.categories)
    for name, columns in layout.features.items():
        for place, column in enumerate(columns):
            if column in layout.categories:
                seen = np.unique(splits[0][name][:, place]).astype(np.int64)
                categories[column] = _keep(splits, name, place, seen[seen > 0], layout.categories[column])
    return replace(layout, categories=categories), splits


def _keep(
    splits: list[dict[str, Array]], name: str, place: int, seen: Array, words: tuple[str, ...]
) -> tuple[str, ...]:
    if len(seen) == len(words):
        return words
    renumbered = np.zeros(len(words) + 1, dtype=np.int64)
    renumbered[seen] = np.arange(1, len(seen) + 1)
    for arrays in splits:
        changed = arrays[name].copy()
        changed[:, place] = renumbered[changed[:, place].astype(np.int64)]
        arrays[name] = changed
    return tuple(words[index - 1] for index in seen)
