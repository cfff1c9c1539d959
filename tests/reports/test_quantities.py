"""Numbers as a reader sees them."""

from __future__ import annotations

import math

import pytest

from mnistspec.reports import quantities


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0645, "0.06450"),
        (2.5, "2.500"),
        (-0.1584, "−0.1584"),
        (123456.7, "123,457"),
        (1.5e9, "1.500e+09"),
        (0.00001, "1.000e−05"),
        (0, "0"),
        (math.nan, "NaN"),
        (-math.inf, "−infinity"),
    ],
)
def test_significant(value: float, shown: str) -> None:
    assert quantities.significant(value) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("accuracy", 0.9812, "98.12%"),
        ("val_top_5_accuracy", 1.0, "100.00%"),
        ("digit_sparse_categorical_accuracy", math.nan, "NaN"),
        ("precision", 3.0, "3.000"),
        ("loss", 0.5, "0.5000"),
    ],
)
def test_only_shares_are_percentages(name: str, value: float, shown: str) -> None:
    assert quantities.measured(name, value) == shown


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (0.417, "0.42 s"),
        (41.23, "41.2 s"),
        (185, "3 min 05 s"),
        (7620, "2 h 07 min"),
        (3599.9, "59 min 59 s"),
        (math.nan, "unknown"),
    ],
)
def test_seconds(duration: float, shown: str) -> None:
    assert quantities.seconds(duration) == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [(912, "912 bytes"), (8_064_512, "8.06 MB"), (25_769_803_776, "25.8 GB"), (None, "unknown")]
)
def test_size(amount: int | None, shown: str) -> None:
    assert quantities.size(amount) == shown


def test_counts_moments_and_operations() -> None:
    assert (quantities.counted(1, "epoch"), quantities.counted(1200, "epoch")) == ("1 epoch", "1,200 epochs")
    assert quantities.moment("2026-01-02T03:04:05.123Z") == "2026-01-02 03:04:05 UTC"
    assert quantities.moment("yesterday") == "yesterday"
    assert (quantities.operations(813_568), quantities.operations(12)) == ("814 kFLOP", "12 FLOP")
