from __future__ import annotations

import pytest

pytestmark = pytest.mark.keras

ROWS = (
    {"epoch": 1, "seconds": 0.5, "loss": 2.0, "learning_rate": 0.1},
    {"epoch": 2, "seconds": 0.4, "loss": 1.0, "val_loss": 1.5, "learning_rate": 0.1},
)


def test_the_table_has_every_column_and_leaves_out_what_was_not_measured() -> None:
    from mnistspec.runs.history import history_text
    from mnistspec.training.fit import History

    assert history_text(History(ROWS, 2)) == (
        "epoch,seconds,loss,learning_rate,val_loss\n1,0.5,2.0,0.1,\n2,0.4,1.0,0.1,1.5\n"
    )
    assert history_text(History((), 0, interrupted=True)) == "epoch,seconds\n"


@pytest.mark.parametrize(("kept", "loss"), [(1, 2.0), (2, 1.0), (9, 1.0)])
def test_the_training_s_metrics_are_those_of_the_epoch_kept(kept: int, loss: float) -> None:
    from mnistspec.runs.history import training_metrics
    from mnistspec.training.fit import History

    assert training_metrics(History(ROWS, kept)) == {"loss": loss}
    assert training_metrics(History((), 0)) is None
