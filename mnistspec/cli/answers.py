"""Predictions as a table for people, and as JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from mnistspec.cli.tables import Column, table
from mnistspec.runs.answers import Answer, Classes, as_data
from mnistspec.runs.inputs import Example

Answers: TypeAlias = Sequence[Mapping[str, Answer]]

MOST_ROWS = 50
# As many values of an output as a line has room for.
_MOST_VALUES = 8
_COLUMNS = (Column("answer"), Column("probability", right=True), Column("runners-up"), Column("done to it"))


def as_table(examples: Sequence[Example], answers: Answers) -> str:
    """The first 50 examples, a line an output, and how many more there are."""
    several = bool(answers) and len(answers[0]) > 1
    rows = [
        [*_place(example, examples), *([name] if several else []), *_answer(answer), "" if index else example.said]
        for example, outputs in list(zip(examples, answers, strict=True))[:MOST_ROWS]
        for index, (name, answer) in enumerate(outputs.items())
    ]
    columns = [Column("input"), Column("row", right=True), *([Column("output")] if several else []), *_COLUMNS]
    shown = table(*_without_empty(columns, rows))
    more = len(examples) - MOST_ROWS
    return shown if more <= 0 else f"{shown}\n\nand {more:,} more, which `--format json` and `--format csv` give"


def _place(example: Example, examples: Sequence[Example]) -> list[str]:
    return [example.input, str(example.row) if any(other.row for other in examples[:MOST_ROWS]) else ""]


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


def as_json(examples: Sequence[Example], answers: Answers) -> str:
    """An array with an object an example. A value that is no number is null."""
    data = [
        {"input": example.input, "row": example.row, "said": example.said, "outputs": as_data(outputs)}
        for example, outputs in zip(examples, answers, strict=True)
    ]
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def as_csv(examples: Sequence[Example], answers: Answers) -> str:
    """A line for each example and output; `label` has the numbers, parted by spaces, of an output that is no class."""
    buffer = io.StringIO()
    lines = csv.writer(buffer, lineterminator="\n")
    lines.writerow(["input", "row", "output", "label", "probability"])
    for example, outputs in zip(examples, answers, strict=True):
        for name, answer in outputs.items():
            lines.writerow([example.input, example.row, name, *_cells(answer)])
    return buffer.getvalue()


def _cells(answer: Answer) -> list[Any]:
    if isinstance(answer, Classes):
        return [answer.top[0].label, answer.top[0].probability]
    return [" ".join(str(number) for number in _flat(answer.value)), ""]


FORMS: Mapping[str, Callable[[Sequence[Example], Answers], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
}
