"""Scales: every value lies on them, and their ticks are round and apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnistspec.reports import scales
from mnistspec.reports.scales import Scale

numbers = st.floats(-1e30, 1e30)


def check(scale: Scale, low: float, high: float) -> None:
    reach = 1e-6
    assert -reach <= scale.place(low) <= scale.place(high) <= 1 + reach
    assert len(scale.ticks) == len(scale.labels) <= 12
    places = [scale.place(tick) for tick in scale.ticks]
    assert places == sorted(places) and -reach <= places[0] and places[-1] <= 1 + reach


@given(st.tuples(numbers, numbers).map(sorted))
@example([0.0, 5e-324])
def test_a_linear_scale_holds_its_values(bounds: list[float]) -> None:
    check(scales.linear(bounds[0], bounds[1]), *bounds)


@given(st.tuples(st.floats(1e-30, 1e30), st.floats(1e-30, 1e30)).map(sorted))
def test_the_fitting_scale_of_positive_values_holds_them(bounds: list[float]) -> None:
    check(scales.fitting(bounds), *bounds)


@given(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(sorted))
def test_epochs_have_whole_ticks(bounds: list[int]) -> None:
    scale = scales.whole(*bounds)
    check(scale, *bounds)
    assert all(tick == int(tick) for tick in scale.ticks)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 1.0, ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0.9, 0.99, ("0.90", "0.92", "0.94", "0.96", "0.98", "1.00")),
        (-3.0, 8.0, ("−5.0", "−2.5", "0.0", "2.5", "5.0", "7.5", "10.0")),
        (0.0, 180000.0, ("0", "50,000", "100,000", "150,000", "200,000")),
        (5.0, 5.0, ("4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6")),
    ],
)
def test_ticks_are_labelled_with_the_digits_they_need(low: float, high: float, labels: tuple[str, ...]) -> None:
    assert scales.linear(low, high).labels == labels


def test_values_far_apart_are_laid_out_by_their_logarithm() -> None:
    scale = scales.fitting([0.012, 4.0])
    assert scale.logarithmic and scale.labels == ("0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5")
    assert not scales.fitting([0.0, 4.0]).logarithmic


def test_percentages() -> None:
    assert scales.in_percent(scales.linear(0.87, 0.98)).labels[:3] == ("85.0%", "87.5%", "90.0%")
