"""Learning curves: where their points lie, what they mark, and that labels keep apart."""

from __future__ import annotations

import math
import re

import pytest

from mnistspec.reports.curves import LABEL_GAP, caption, curve_chart
from mnistspec.reports.history import History

from .pages import Page


def drawn(history: History, measure: str = "loss", kept: int | None = None) -> Page:
    chart = curve_chart(history, measure, kept)
    assert chart is not None
    return Page(chart)


def history(loss: list[float], val_loss: list[float] | None = None) -> History:
    columns = {"loss": tuple(loss)} | ({"val_loss": tuple(val_loss)} if val_loss else {})
    return History(tuple(range(1, len(loss) + 1)), columns)


def test_both_curves_are_drawn_and_named_with_their_last_values() -> None:
    page = drawn(history([0.9, 0.5, 0.3], [0.8, 0.6, 0.55]))
    assert [curve["class"] for curve in page.of_class("curve")] == ["curve first", "curve second"]
    assert "train" in page.text and "0.3000" in page.text and "validation" in page.text and "0.5500" in page.text
    assert page.elements[0][1]["aria-label"] == "loss by epoch: train ends at 0.3000, validation ends at 0.5500"


def test_the_kept_epoch_is_marked_on_each_curve_and_told_in_the_caption() -> None:
    recorded = history([0.9, 0.5, 0.3], [0.8, 0.6, 0.65])
    assert len(drawn(recorded, kept=2).of_class("ring")) == 2
    assert caption(recorded, "loss", 2) == "epoch 2 (kept): train 0.5000, validation 0.6000"
    assert caption(recorded, "loss", None) == "epoch 3: train 0.3000, validation 0.6500"


def test_a_curve_breaks_where_a_value_is_no_number() -> None:
    recorded = history([0.9, math.nan, 0.3, 0.2])
    assert len(re.findall("M", drawn(recorded).of_class("curve")[0]["d"])) == 2
    assert caption(recorded, "loss", None).endswith("not a number in 1 epoch")


@pytest.mark.parametrize("values", [[math.nan], [math.nan, math.inf]])
def test_without_a_number_there_is_no_chart(values: list[float]) -> None:
    assert curve_chart(history(values), "loss", 1) is None


def test_one_epoch_makes_a_dot() -> None:
    assert len(drawn(history([0.5]), kept=1).of_class("dot")) == 1


@pytest.mark.parametrize("end", [0.0, 0.3, 0.31, 0.9])
def test_labels_keep_apart_and_inside_the_chart(end: float) -> None:
    page = drawn(history([0.9, 0.3], [0.8, end]))
    heights = sorted(float(label["y"]) for label in page.of_class("label"))
    assert heights[1] - heights[0] >= LABEL_GAP - 0.01
    assert heights[0] > 0 and heights[1] + 14 < 256


def test_shares_are_drawn_in_percent_and_wide_ranges_by_logarithm() -> None:
    recorded = History((1, 2), {"accuracy": (0.9, 0.95), "loss": (50.0, 0.02)})
    assert "90%" in drawn(recorded, "accuracy").text
    assert caption(recorded, "loss", None).endswith("logarithmic axis")


def test_thousands_of_epochs_are_thinned_but_end_where_they_end() -> None:
    long = history([1 / (1 + epoch) for epoch in range(5000)])
    path = drawn(long).of_class("curve")[0]["d"]
    assert path.count("L") <= 401 and "356 " in path.rsplit("L", 1)[1]
