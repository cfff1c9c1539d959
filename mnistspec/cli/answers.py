"""Predictions as a table for people, and as JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from textwrap import indent
from typing import Any

from mnistspec.cli.tables import Column, table
from mnistspec.runs.answers import Answer, Answered, Classes, as_data

MOST_ROWS = 50
# As many values of an output as a line has room for.
_MOST_VALUES = 8
_COLUMNS = (Column("answer"), Column("probability", right=True), Column("runners-up"), Column("done to it"))


def as_table(answered: Iterable[Answered], count: int) -> Iterator[str]:
    """The first 50 examples, a line an output, and how many more there are: these are not waited for."""
    shown = list(islice(answered, MOST_ROWS))
    several, numbered = any(len(outputs) > 1 for _, outputs in shown), any(example.row for example, _ in shown)
    rows = [
        [
            example.input, str(example.row) if numbered else "", *([name] if several else []),
            *_answer(answer), "" if index else example.said,
        ]
        for example, outputs in shown
        for index, (name, answer) in enumerate(outputs.items())
    ]  # fmt: skip
    columns = [Column("input"), Column("row", right=True), *([Column("output")] if several else []), *_COLUMNS]
    yield table(*_without_empty(columns, rows)) + "\n"
    if count > MOST_ROWS:
        yield f"\nand {count - MOST_ROWS:,} more, which `--format json` and `--format csv` give\n"


def _answer(answer: Answer) -> list[str]:
    """The answer, its probability and the runners-up, each a cell."""
    if not isinstance(answer, Classes):
        return [_values(answer.value), "", ""]
    first, *others = answer.top
    return [first.label, _share(first.probability), ", ".join(f"{c.label} {_share(c.probability)}" for c in others)]


def _share(probability: float) -> str:
    return f"{100 * probability:.1f} %"


def _values(value: Any) -> str:
    numbers = list(_flat(value))
    if len(numbers) > _MOST_VALUES:
        return f"{len(numbers):,} values, {min(numbers):.4g} to {max(numbers):.4g}"
    return " ".join(f"{number:.6g}" for number in numbers)


def _flat(value: Any) -> Iterator[float]:
    if not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from _flat(item)


def _without_empty(columns: list[Column], rows: list[list[str]]) -> tuple[list[Column], list[list[str]]]:
    """Only the columns with something in them."""
    kept = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    return [columns[index] for index in kept], [[row[index] for index in kept] for row in rows]


def as_json(answered: Iterable[Answered], count: int) -> Iterator[str]:
    """An array with an object an example. A value that is no number is null."""
    before = "[\n"
    for example, outputs in answered:
        data = {"input": example.input, "row": example.row, "said": example.said, "outputs": as_data(outputs)}
        yield before + indent(json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False), "  ")
        before = ",\n"
    yield "\n]\n"


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def as_csv(answered: Iterable[Answered], count: int) -> Iterator[str]:
    """A line for each example and output; `label` has the numbers, parted by spaces, of an output that is no class."""
    yield _line(["input", "row", "output", "label", "probability"])
    for example, outputs in answered:
        for name, answer in outputs.items():
            yield _line([example.input, example.row, name, *_cells(answer)])


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _cells(answer: Answer) -> list[Any]:
    if isinstance(answer, Classes):
        return [answer.top[0].label, answer.top[0].probability]
    return [" ".join(str(number) for number in _flat(answer.value)), ""]


# Each gives its text piece by piece, as the answers come; the second argument is how many examples there are.
FORMS: Mapping[str, Callable[[Iterable[Answered], int], Iterator[str]]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
}
