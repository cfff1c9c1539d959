"""A loss that is no number any more ends the training: what follows would be worth nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import keras

from mnistspec.training.state import finite


class Diverged(Exception):
    """The loss became NaN or infinite; the text says which, and when."""


def require_finite(model: keras.Model, epochs: int, steps: int) -> None:
    """After a training: what its very last step has done, no loss has told. Raises: Diverged."""
    if not finite(model):
        raise Diverged(f"the weights became NaN or infinite in epoch {epochs}, at step {steps}")


class DivergenceGuard(keras.callbacks.Callback):  # type: ignore[misc]
    """Looks at the loss after each go of steps. The loss is a mean over the epoch, so that nothing is missed.

    `lost_at` tells which step of the go has lost it (from 1, in the epoch), where that is known. Raises: Diverged.
    """

    def __init__(self, steps: int, lost_at: Callable[[], int | None] = lambda: None) -> None:
        super().__init__()
        self.steps, self.lost_at, self._epoch, self._done = steps, lost_at, 0, 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch, self._done = epoch, 0

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._done = batch

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            word = "NaN" if math.isnan(loss) else "infinite"
            first, last, known = self._done + 1, min(batch + 1, self.steps), self.lost_at()
            where = (
                f"between steps {first} and {last}" if known is None and first < last else f"at step {known or last}"
            )
            raise Diverged(f"the loss became {word} in epoch {self._epoch + 1}, {where}")
