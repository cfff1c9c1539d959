"""What a person sees while a model trains: a live line on a terminal, a line an epoch elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np


class Listener(Protocol):
    """Who is told how the training goes; the command line draws it, tests record it."""

    def epoch_begins(self, epoch: int, epochs: int, steps: int) -> None: ...

    def step_ends(self, step: int, logs: Mapping[str, float]) -> None: ...

    def epoch_ends(self, epoch: int, seconds: float, logs: Mapping[str, float]) -> None: ...


class Silent:
    """Hears everything and says nothing."""

    def epoch_begins(self, epoch: int, epochs: int, steps: int) -> None:
        """An epoch (from 0) of so many begins."""

    def step_ends(self, step: int, logs: Mapping[str, float]) -> None:
        """Steps of the epoch are done up to this one (from 1)."""

    def epoch_ends(self, epoch: int, seconds: float, logs: Mapping[str, float]) -> None:
        """The epoch is done, with its metrics."""


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Passes Keras' events on to a listener and keeps the history: one row an epoch."""

    def __init__(self, listener: Listener, epochs: int, steps: int) -> None:
        super().__init__()
        self.listener, self.epochs, self.steps = listener, epochs, steps
        self.rows: list[dict[str, float]] = []
        self._started = self._before = 0.0

    def take_up(self, rows: Sequence[dict[str, float]], seconds: float) -> None:
        """Goes on after these rows, in an epoch that has taken so many seconds already."""
        self.rows[:] = rows
        self._before = seconds

    def seconds(self) -> float:
        """How long the epoch under way has taken."""
        return time.perf_counter() - self._started

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._started, self._before = time.perf_counter() - self._before, 0.0
        self.listener.epoch_begins(epoch, self.epochs, self.steps)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.listener.step_ends(min(batch + 1, self.steps), numbers(logs))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        seconds = self.seconds()
        measured = numbers(logs)
        row = {"epoch": epoch + 1, "seconds": seconds, **measured}
        row.setdefault("learning_rate", float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)))
        self.rows.append(row)
        self.listener.epoch_ends(epoch, seconds, measured)


def numbers(logs: Mapping[str, Any] | None) -> dict[str, float]:
    """What Keras measured as plain numbers; of a metric with a value a class, `name_0`, `name_1` and so on."""
    found: dict[str, float] = {}
    for name, value in (logs or {}).items():
        several = np.asarray(value, dtype=float)
        numbered = {f"{name}_{place}": float(one) for place, one in enumerate(several.ravel())}
        found |= numbered if several.ndim else {name: float(several)}
    return found
