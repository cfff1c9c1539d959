"""Tables from a run's record: every figure in its place, and settings in words."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.reports import facts
from mnistspec.reports.fields import Fields
from mnistspec.reports.history import read_history
from mnistspec.reports.record import RunRecord, read_record

from . import folders


def run(**changes: Any) -> RunRecord:
    return read_record(Fields(folders.record(**changes)))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"size": [32, 32], "antialias": True}, "size [32, 32], antialias yes"),
        ([], "[]"),
        ({}, "none"),
        (1e-3, "0.001"),
        (None, "none"),
    ],
)
def test_settings_in_words(value: object, words: str) -> None:
    assert facts.spelled(value) == words


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "none"),
        ([{"step": "rescale", "options": {"divisor": 255}}, {"step": "normalize"}], "rescale 255, then normalize"),
        ([{"step": "pad", "options": {"maxlen": 80, "value": None, "side": "pre"}}], "pad maxlen 80, side pre"),
    ],
)
def test_preparation_in_words(steps: list[Any], words: str) -> None:
    prepared = {"x": {"left": steps}, "y": {}, "raw": {"left": {"shape": [None, 3], "dtype": "float32"}}}
    rows = facts.data_table(run(data=folders.data({}, preparation=prepared))).rows
    assert ("preparation of left", words) in rows and ("left as read", "any × 3 float32") in rows


def test_a_setting_too_long_to_read_is_cut() -> None:
    assert len(facts.spelled(list(range(1000)))) == facts.LONGEST_VALUE


def test_the_model_table_has_its_totals() -> None:
    table = facts.model_table(run())
    assert table is not None
    assert table.rows[1] == ("dense", "Dense", "(None, 512)", "401,920", "flatten")
    assert [row[3] for row in table.totals] == ["407,050", "407,050", "0", "814 kFLOP"]


def test_unknown_shapes_and_counts_are_called_unknown() -> None:
    node = {"name": "x", "layer": "Odd", "inputs": ["a", "b"], "output_shapes": [None, [None]], "params": None}
    table = facts.model_table(run(model={"nodes": [node]}))
    assert table is not None and table.rows == (("x", "Odd", "unknown, (None,)", "unknown", "a, b"),)


def test_what_the_phases_do_not_account_for_is_shown() -> None:
    phases = dict(facts.timings(run(timings={"fit": 4.0, "data": 1.0, "total": 6.5})))
    assert phases == {"fit": 4.0, "data": 1.0, "other": 1.5}
    assert facts.timings(run(timings={"fit": 4.0, "total": 4.0})) == (("fit", 4.0),)


def test_throughput_counts_examples_over_all_epochs() -> None:
    assert facts.throughput(run(timings={"fit": 54.0}), None) == "Training took 10,000 examples a second."
    assert "the median epoch took 4.10 s" in facts.throughput(run(), read_history(folders.history()))
    assert facts.throughput(run(timings={"fit": float("nan")}), None) == ""


def test_a_history_shows_each_epoch_once_and_the_kept_one_marked() -> None:
    table = facts.history_table(read_history(folders.history(10)), 7, 30)
    assert [row[0] for row in table.rows] == ["1", "2", "3", "4", "5", "6", "✓ 7", "8", "9", "10"]


def test_files_carry_their_proofs() -> None:
    proofs = {"model.keras": {"identical": False, "compared": 5, "largest_difference": 0.25}}
    table = facts.files_table(run(verification=proofs))
    assert table is not None
    assert [row[2] for row in table.rows] == ["DIFFERS (5 compared), up to 0.2500 apart", "–"]


def test_exports_are_listed_with_how_far_they_are_from_the_model() -> None:
    assert facts.exports_table(run()) is None
    export = {"path": "saved_model", "compared": 32, "largest_difference": 1.2e-7}
    table = facts.exports_table(run(exports={"saved_model": export}))
    assert table is not None and table.rows == (("saved_model", "saved_model", "32", "1.2e−07"),)


def test_the_data_used_is_named_only_where_it_is_other_data() -> None:
    rows = facts.data_table(run()).rows
    assert ("preparation of x", "rescale 255, then reshape [784]") in rows and "used" not in [row[0] for row in rows]
    assert ("used", "mnist_sample") in facts.data_table(run(data=folders.data({}, origin="mnist_sample"))).rows
