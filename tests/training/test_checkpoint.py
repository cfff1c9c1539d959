from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.keras


class Clock:
    """Stands in for the module `time`."""

    now = 100.0

    def perf_counter(self) -> float:
        return self.now


def reached(folder: Path) -> tuple[int, int] | None:
    """Epochs done and steps done after them, of the newest checkpoint in a run's folder."""
    from mnistspec.training.checkpoint_folder import newest

    found = newest(folder / "checkpoint", pytest.fail)
    return (found[1].position.epoch, found[1].position.step) if found is not None else None


def watched(tiny: ModuleType, folder: Path, every: str | int, **fit: Any) -> list[tuple[int, int]]:
    """Where the newest checkpoints stand, as they lie there after each step and at the end."""
    seen: list[tuple[int, int] | None] = []
    listener = tiny.Listening(step_ends=lambda epoch, step: seen.append(reached(folder)))
    tiny.fit(tiny.model(), folder, checkpoint=every, listener=listener, **fit)
    return [found for found in dict.fromkeys([*seen, reached(folder)]) if found is not None]


def test_every_epoch_leaves_a_checkpoint(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, "epoch", epochs=3) == [(1, 0), (2, 0), (3, 0)]


def test_a_number_of_steps_counts_on_over_the_epochs(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, 3, epochs=2) == [(0, 3), (1, 1), (1, 4)]


def test_what_is_due_after_the_last_step_of_an_epoch_waits_for_its_end(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, 5, epochs=2) == [(1, 0), (2, 0)]


def test_steps_are_counted_right_when_several_run_at_a_time(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, "epoch", epochs=3, steps_at_once=3) == [(1, 0), (2, 0), (3, 0)]
    (other := tmp_path / "other").mkdir()
    assert watched(tiny, other, 2, epochs=2, steps_at_once=2) == [(0, 2), (0, 4), (1, 2), (1, 4)]


def test_two_are_kept(tiny: ModuleType, tmp_path: Path) -> None:
    tiny.fit(tiny.model(), tmp_path, checkpoint=1, epochs=2)
    assert sorted(path.name for path in (tmp_path / "checkpoint").iterdir()) == ["000009.npz", "000010.npz"]


def test_weights_that_are_no_numbers_are_never_saved(tiny: ModuleType, tmp_path: Path) -> None:
    import numpy as np

    train, model = tiny.examples(), tiny.model()
    model.compile("sgd", "mse")
    broken = tiny.Examples(train.x, np.full((50, 3), np.nan, "float32"), train.count)
    tiny.fit(model, tmp_path, train=broken, checkpoint=1, callbacks=(tiny.callback("TerminateOnNaN"),))
    assert reached(tmp_path) is None


def test_being_told_to_end_leaves_the_state_after_the_step_under_way(tiny: ModuleType, tmp_path: Path) -> None:
    import signal

    def tell(epoch: int, step: int) -> None:
        if (epoch, step) == (2, 3):
            signal.raise_signal(signal.SIGINT)

    history = tiny.fit(tiny.model(), tmp_path, checkpoint="auto", epochs=4, listener=tiny.Listening(step_ends=tell))
    assert history.interrupted and len(history.rows) == 1
    assert reached(tmp_path) == (1, 3) and history.checkpoint == tmp_path / "checkpoint" / "000001.npz"


def test_without_checkpoints_being_told_to_end_leaves_none(tiny: ModuleType, tmp_path: Path) -> None:
    import signal

    listener = tiny.Listening(step_ends=lambda epoch, step: step == 3 and signal.raise_signal(signal.SIGINT))
    history = tiny.fit(tiny.model(), tmp_path, checkpoint=None, listener=listener)
    assert history.interrupted and history.checkpoint is None and not (tmp_path / "checkpoint").exists()


def test_auto_spends_at_most_two_percent_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistspec.training import checkpoint
    from mnistspec.training.state import Position
    from mnistspec.training.stopping import StopRequest

    clock = Clock()

    def slowly(folder: Path, state: object) -> Path:
        clock.now += 0.5
        return folder

    monkeypatch.setattr(checkpoint, "time", clock)
    monkeypatch.setattr(checkpoint, "save", slowly)
    monkeypatch.setattr(checkpoint, "finite", lambda model: True)
    under = checkpoint.Checkpoint(tmp_path, "auto", 10, lambda position: SimpleNamespace(), StopRequest())
    under.on_train_begin()
    saves: list[tuple[float, Position]] = []
    for epoch in range(400):
        under.on_epoch_begin(epoch)
        for step in range(10):
            clock.now += 0.3
            before, at_end = clock.now, step == 9
            under.on_train_batch_end(step)
            if at_end:
                under.on_epoch_end(epoch)
            if clock.now > before and under.saved is not None:
                saves.append((clock.now - 100, under.saved[1]))
    assert saves[0][0] < 4  # soon, while a save is not yet known to be dear
    assert len(saves) >= 20 and 0.5 * len(saves) <= 0.02 * saves[-1][0] + 0.5
    assert all(position.step == 0 for _, position in saves), "short epochs are saved at their ends"
