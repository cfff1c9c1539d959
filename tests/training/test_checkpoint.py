from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.keras


class Clock:
    """Stands in for the module `time`."""

    now = 100.0

    def perf_counter(self) -> float:
        return self.now


class SlowModel:
    """A model whose saving takes half a second."""

    weights: tuple[Any, ...] = ()
    optimizer = None

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def save_weights(self, path: Path) -> None:
        self.clock.now += 0.5
        path.write_bytes(b"weights")


def reached(folder: Path) -> dict[str, int] | None:
    """What the checkpoint in a run's folder says of itself."""
    path = folder / "checkpoint" / "latest.json"
    return json.loads(path.read_text()) if path.exists() else None


def watched(tiny: ModuleType, folder: Path, every: str | int, **fit: Any) -> list[tuple[int, int]]:
    """The epochs done and steps done of the checkpoint, as they lie there after each step."""
    seen: list[tuple[int, int]] = []

    def look(epoch: int, step: int) -> None:
        found = reached(folder)
        if found is not None:
            seen.append((found["complete_epochs"], found["steps"]))

    tiny.fit(tiny.model(), folder, checkpoint=every, listener=tiny.Listening(step_ends=look), **fit)
    return list(dict.fromkeys(seen))


def test_every_epoch_leaves_a_checkpoint(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, "epoch", epochs=3) == [(1, 5), (2, 10)]


def test_a_number_of_steps_counts_on_over_the_epochs(tiny: ModuleType, tmp_path: Path) -> None:
    # The listener hears of a step before the checkpoint does.
    assert watched(tiny, tmp_path, 3, epochs=2) == [(0, 3), (1, 6), (1, 9)]


def test_steps_are_counted_right_when_several_run_at_a_time(tiny: ModuleType, tmp_path: Path) -> None:
    assert watched(tiny, tmp_path, "epoch", epochs=3, steps_at_once=3) == [(1, 5), (2, 10)]
    assert watched(tiny, tmp_path, 2, epochs=2, steps_at_once=2) == [(0, 2), (0, 4), (1, 7), (1, 9)]


def test_a_training_that_ends_well_leaves_no_checkpoint(tiny: ModuleType, tmp_path: Path) -> None:
    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch")
    assert not list(tmp_path.iterdir())


def test_an_interrupted_training_leaves_a_whole_checkpoint(tiny: ModuleType, tmp_path: Path) -> None:
    kept: list[Any] = []
    model = tiny.model(dropout=0.3)

    def stop(epoch: int, step: int) -> None:
        if (epoch, step) == (2, 1):
            kept.extend(variable.numpy() for variable in (*model.weights, *model.optimizer.variables))
        if epoch == 3:
            raise KeyboardInterrupt

    tiny.fit(model, tmp_path, checkpoint=6, epochs=4, listener=tiny.Listening(step_ends=stop))
    folder = tmp_path / "checkpoint"
    assert sorted(path.name for path in folder.iterdir()) == ["latest.json", "latest.weights.h5"]
    assert reached(tmp_path) == {"complete_epochs": 1, "steps": 6}
    loaded = tiny.model(dropout=0.3)
    loaded.optimizer.build(loaded.trainable_variables)
    loaded.load_weights(folder / "latest.weights.h5")
    found = [variable.numpy() for variable in (*loaded.weights, *loaded.optimizer.variables)]
    assert all((a == b).all() for a, b in zip(kept, found, strict=True))


def test_auto_spends_at_most_two_percent_of_the_time(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnistspec.training.checkpoint import Checkpoint

    clock = Clock()
    monkeypatch.setattr("mnistspec.training.checkpoint.time", clock)
    checkpoint = Checkpoint(tmp_path / "checkpoint", "auto")
    checkpoint._model = SlowModel(clock)
    checkpoint.on_train_begin()
    saves: list[float] = []
    for epoch in range(400):
        checkpoint.on_epoch_begin(epoch)
        clock.now += 0.3
        before = clock.now
        checkpoint.on_epoch_end(epoch)
        if clock.now > before:
            saves.append(clock.now - 100)
    assert saves[0] < 2  # soon, while a save is not yet known to be dear
    assert len(saves) >= 2 and 0.5 * len(saves) <= 0.02 * saves[-1] + 0.5
