from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.keras


def chosen(tiny: ModuleType, wanted: int | str = "auto", *, steps: int = 500, flops: int | None = 0, **fit: Any) -> int:
    from mnistspec.training.speed import steps_per_execution

    return steps_per_execution(wanted, tiny.settings(**fit), steps, flops)


def test_a_number_in_the_spec_is_taken_as_it_is(tiny: ModuleType) -> None:
    assert chosen(tiny, 17, steps=3) == 17


def test_auto_runs_many_steps_of_a_small_model_and_fewer_of_a_large_one(tiny: ModuleType) -> None:
    small, large, unknown = (chosen(tiny, flops=flops, batch_size=100) for flops in (10**5, 10**9, None))
    assert small == 64 and large == 1 and 1 < unknown < small


def test_auto_never_goes_past_an_epoch_or_a_checkpoint(tiny: ModuleType) -> None:
    assert chosen(tiny, steps=5) == 5
    assert chosen(tiny, checkpoint=12) == 12
    assert chosen(tiny, checkpoint="epoch") == 64


def test_auto_fills_an_epoch_of_a_set_number_of_steps_exactly(tiny: ModuleType) -> None:
    for steps in (1, 37, 96, 100):
        assert steps % chosen(tiny, steps=steps, steps_per_epoch=steps) == 0
    assert chosen(tiny, steps=96, steps_per_epoch=96) == 48


def test_auto_leaves_single_steps_to_callbacks_that_act_between_them(tiny: ModuleType) -> None:
    assert chosen(tiny, callbacks=(tiny.callback("BackupAndRestore", backup_dir="b", save_freq=3),)) == 1
    assert chosen(tiny, callbacks=(tiny.callback("TensorBoard", update_freq="batch"),)) == 1
    assert chosen(tiny, callbacks=(tiny.callback("TensorBoard", profile_batch=2),)) == 1
    assert chosen(tiny, callbacks=(tiny.callback("TensorBoard"), tiny.callback("EarlyStopping"))) == 64
