"""`history.csv`: columns by name, gaps as NaN, a cut-off last line left out."""

from __future__ import annotations

import math

from mnistspec.reports.history import read_history

from . import folders


def test_columns_and_measures() -> None:
    history = read_history(folders.history(3, ("accuracy", "f1")))
    assert history.epochs == (1, 2, 3)
    assert history.measures == ("loss", "accuracy", "f1")
    assert history.columns["seconds"] == (4.1, 4.1, 4.1)


def test_the_loss_leads_and_a_measure_of_validation_alone_is_found() -> None:
    assert read_history("epoch,f1,loss\n1,0.5,0.3\n").measures == ("loss", "f1")
    assert read_history("epoch,loss,val_recall\n1,0.5,0.3\n").measures == ("loss", "recall")


def test_gaps_and_spellings_of_no_number() -> None:
    history = read_history("epoch,a,b,c\n1,,nan,inf\n")
    assert [math.isnan(history.columns[name][0]) for name in "ab"] == [True, True]
    assert history.columns["c"] == (math.inf,)


def test_a_line_cut_off_is_left_out() -> None:
    assert read_history("epoch,loss,accuracy\n1,0.5,0.9\n2,0.4").epochs == (1,)
    assert read_history("epoch,loss\n").epochs == ()
