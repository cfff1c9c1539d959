"""Checkpoints while training: weights and optimizer on disk as often as two percent of the time pays for."""

from __future__ import annotations

import json
import math
import shutil
import time
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mnistspec.disk import require_room

# The share of the training's time that `auto` may spend on saving.
_SHARE = 0.02
# What HDF5 adds for each variable and its groups (bytes), on the large side.
_PER_VARIABLE = 4096


def size_of(model: keras.Model) -> int:
    """About how many bytes a file of the model's weights and its optimizer's state has."""
    variables = [*model.weights, *(model.optimizer.variables if model.optimizer is not None else ())]
    return sum(math.prod(variable.shape) * _bytes_of(variable.dtype) + _PER_VARIABLE for variable in variables)


def _bytes_of(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize


class Checkpoint(keras.callbacks.Callback):  # type: ignore[misc]
    """Saves `latest.weights.h5` and `latest.json` (epoch and step reached) to a folder, each by rename.

    `every` is `epoch`, a number of steps, or `auto`: at the end of an epoch, once saving has cost at most two percent
    of the time. The folder goes when the training ends well.
    """

    def __init__(self, folder: Path, every: str | int) -> None:
        super().__init__()
        self.folder, self.every = folder, every
        self._epoch = self._step = self._saved_at = 0
        self._begun = self._spent = self._dearest = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self._begun = time.perf_counter()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        # With several steps at a time, Keras counts the last go of an epoch as a full one.
        reached = min(batch + 1, self.params.get("steps") or batch + 1)
        self._step += reached - self._in_epoch
        self._in_epoch = reached
        if isinstance(self.every, int) and self._step - self._saved_at >= self.every:
            self._save(complete_epochs=self._epoch)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._in_epoch = 0
        if self.every == "epoch" or (self.every == "auto" and self._affordable()):
            self._save(complete_epochs=epoch + 1)

    def on_train_end(self, logs: Any = None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # How many steps of the epoch are done; Keras counts them anew in each.
    _in_epoch = 0

    def _affordable(self) -> bool:
        """Whether one more save as dear as the dearest keeps within the share. The first waits for a second of work."""
        elapsed = time.perf_counter() - self._begun
        return self._spent + max(self._dearest, 0.02) <= _SHARE * elapsed

    def _save(self, complete_epochs: int) -> None:
        try:
            self._write(complete_epochs)
        except OSError as error:
            # The disk may have room again by the end, and what is learnt is worth more than the checkpoint.
            warnings.warn(f"no checkpoint could be written ({error.strerror}); the training goes on", stacklevel=1)

    def _write(self, complete_epochs: int) -> None:
        started = time.perf_counter()
        self.folder.mkdir(exist_ok=True)
        weights, state = self.folder / "latest.weights.h5", self.folder / "latest.json"
        temporary = self.folder / "writing.weights.h5"
        require_room(self.folder, size_of(self.model))
        self.model.save_weights(temporary)
        temporary.replace(weights)
        partial = state.with_suffix(".tmp")
        partial.write_text(json.dumps({"complete_epochs": complete_epochs, "steps": self._step}), encoding="utf-8")
        partial.replace(state)
        self._saved_at = self._step
        cost = time.perf_counter() - started
        self._spent += cost
        self._dearest = max(self._dearest, cost)
