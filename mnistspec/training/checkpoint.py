"""When a training's state is saved: as often as two percent of the time pays for, and when the end is asked for."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mnistspec.training.checkpoint_folder import save
from mnistspec.training.state import Position, State, finite
from mnistspec.training.stopping import StopRequest

# The share of the training's time that `auto` may spend on saving.
_SHARE = 0.02
# How long an epoch has to run before `auto` saves in the middle of it (seconds): short ones are saved at their ends.
_LONG = 30.0
# What HDF5 adds for each variable and its groups (bytes), on the large side.
_PER_VARIABLE = 4096


def size_of(model: keras.Model) -> int:
    """About how many bytes a file of the model's weights and its optimizer's state has."""
    variables = [*model.weights, *(model.optimizer.variables if model.optimizer is not None else ())]
    return sum(math.prod(variable.shape) * _bytes_of(variable.dtype) + _PER_VARIABLE for variable in variables)


def _bytes_of(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize


class Checkpoint(keras.callbacks.Callback):  # type: ignore[misc]
    """The last of all callbacks, so that what it takes is the state after the others have done their part.

    `every` is `epoch`, a number of steps, None, or `auto`: once saving has cost at most two percent of the time.
    When `stop` is asked for, the state is saved after the steps under way and KeyboardInterrupt raised.
    """

    def __init__(
        self, folder: Path, every: str | int | None, steps: int, take: Callable[[Position], State], stop: StopRequest
    ) -> None:
        super().__init__()
        self.folder, self.every, self.steps, self.take, self.stop = folder, every, steps, take, stop
        self.saved: tuple[Path, Position] | None = None
        self._at = self._saved_at = Position()
        self._begun = self._spent = self._dearest = self._last = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self._begun = self._last = time.perf_counter()

    def begin_at(self, position: Position) -> None:
        """Counts from here: what lies before is saved already."""
        self._at = self._saved_at = position

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._last = time.perf_counter()
        if epoch != self._at.epoch:
            self._at = Position(epoch)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        # With several steps at a time, Keras counts the last go of an epoch as a full one. What is due after an
        # epoch's last step waits for the epoch's end.
        if batch + 1 < self.steps:
            self._at = Position(self._at.epoch, batch + 1)
            self._look(due=self._steps_due() or (self.every == "auto" and self._worth_it(_LONG)))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._at = Position(epoch + 1)
        self._look(due=self.every == "epoch" or self._steps_due() or (self.every == "auto" and self._worth_it(0.0)))

    def _look(self, *, due: bool) -> None:
        if due or (self.stop.asked and self.every is not None):
            self._save()
        if self.stop.asked:
            raise KeyboardInterrupt

    def _steps_due(self) -> bool:
        steps = (self._at.epoch - self._saved_at.epoch) * self.steps + self._at.step - self._saved_at.step
        return isinstance(self.every, int) and steps >= self.every

    def _worth_it(self, wait: float) -> bool:
        """Whether one more save as dear as the dearest keeps within the share. The first waits for a second of work."""
        now = time.perf_counter()
        affordable = self._spent + max(self._dearest, 0.02) <= _SHARE * (now - self._begun)
        return affordable and now - self._last >= wait

    def _save(self) -> None:
        if not finite(self.model):
            return  # the loss will tell, and the last state that was good is the one to keep
        started = time.perf_counter()
        try:
            self.saved = save(self.folder, self.take(self._at)), self._at
        except OSError as error:
            # The disk may have room again by the end, and what is learnt is worth more than the checkpoint.
            warnings.warn(f"no checkpoint could be written ({error.strerror}); the training goes on", stacklevel=1)
        self._saved_at, self._last = self._at, time.perf_counter()
        self._spent += self._last - started
        self._dearest = max(self._dearest, self._last - started)
