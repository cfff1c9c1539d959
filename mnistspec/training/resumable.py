"""Keras' list of callbacks for a training that may begin in the middle, at a state saved before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from mnistspec.diagnostics import UsageError
from mnistspec.frozen import dataclass
from mnistspec.training.callback_state import carried_by, matched, put_back, take_up_files
from mnistspec.training.progress import Recorder
from mnistspec.training.state import (
    Position,
    State,
    global_seed,
    put_global_seed,
    put_torch_seeds,
    put_values,
    torch_seeds,
    values_of,
)


@dataclass(frozen=True)
class Resumption:
    """A training to go on with: its last state (None: it begins anew, among what it had written) and that state's file.

    `leave` names variables that keep what the spec says instead of what was saved. `taken_up` is called once it is
    sure that the training goes on, before anything that it had written is changed.
    """

    state: State | None = None
    path: Path | None = None
    leave: frozenset[str] = frozenset()
    taken_up: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Part:
    """What one call of Keras' `fit` does: from a position to the end of an epoch, the last of which is `until`."""

    start: Position
    until: int
    last: bool


def parts_of(state: State | None, epochs: int) -> tuple[Part, ...]:
    """The rest of a training. Keras begins at the start of an epoch only: the rest of one is a `fit` of its own.

    A training that is at its end has still to be ended: callbacks put the best weights back, optimizers the averaged.
    """
    start = state.position if state is not None else Position()
    if (state is not None and state.stopped) or start.epoch >= epochs:
        return (Part(start, start.epoch, last=True),)
    if start.step == 0:
        return (Part(start, epochs, last=True),)
    after = Position(start.epoch + 1)
    rest = (Part(after, epochs, last=True),) if after.epoch < epochs else ()
    return (Part(start, after.epoch, last=not rest), *rest)


def require_step(state: State | None, steps: int) -> None:
    """Raises: UsageError for a state in the midst of an epoch that is over before, with now so many steps."""
    if state is not None and state.position.step >= steps:
        raise UsageError(
            f"the last state is of {state.position}, and an epoch has {steps} steps now; "
            "go on with as many as it had, or start a new run"
        )


class Resumable(keras.callbacks.CallbackList):  # type: ignore[misc]
    """Callbacks that see one training, in however many parts: its state can be taken, and is put back at its start."""

    callbacks: list[Any]

    def __init__(
        self,
        model: keras.Model,
        callbacks: Sequence[Any],
        *,
        recorder: Recorder,
        asked: Sequence[Any],
        epochs: int,
        resumption: Resumption | None,
    ) -> None:
        super().__init__([*callbacks], add_history=True, model=model, epochs=epochs, steps=recorder.steps, verbose=0)
        self.recorder, self.asked, self.resumption = recorder, asked, resumption
        self.part = Part(Position(), epochs, last=True)
        self.begun = False
        self.between: Sequence[Any] = ()
        # PyTorch's generators as the last step left them: iterators of batches, made anew, draw from them too.
        self.seeds: Sequence[Any] = ()

    def state(self, position: Position) -> State:
        """All that the next step depends on, at this position."""
        return State(
            position=position,
            variables=values_of(self.model),
            callbacks=tuple(carried_by(self.asked)),
            rows=tuple(self.recorder.rows),
            seconds=self.recorder.seconds() if position.step else 0.0,
            stopped=bool(self.model.stop_training),
            seed=global_seed(),
            torch_seeds=tuple(self.seeds),
        )

    def on_train_begin(self, logs: Any = None) -> None:
        if self.begun:
            # Keras ends each part as if it were the whole, with averaged weights for one.
            put_values(self.model, self.between)
        elif self.resumption is None:
            super().on_train_begin(logs)
        else:
            self._take_up(self.resumption.state, logs)
        if not self.begun:
            self.begun, self.seeds = True, self.seeds or torch_seeds()

    def _take_up(self, state: State | None, logs: Any) -> None:
        assert self.resumption is not None
        if state is not None:
            self._put_back(state)  # or find that it does not fit, before anything is touched
        self.resumption.taken_up()
        take_up_files(self.asked, self._states(state))
        with self._without_restoring():
            super().on_train_begin(logs)
        if state is not None:
            self._put_back(state)
            put_global_seed(state.seed)
            self.seeds = state.torch_seeds
            self.recorder.take_up(state.rows, state.seconds)

    @contextmanager
    def _without_restoring(self) -> Iterator[None]:
        """`BackupAndRestore` would load weights of its own, and no more than weights, when the training begins."""
        every = self.callbacks
        self.callbacks = [one for one in every if not isinstance(one, keras.callbacks.BackupAndRestore)]
        try:
            yield
        finally:
            self.callbacks = every

    def _put_back(self, state: State) -> None:
        assert self.resumption is not None
        put_values(self.model, state.variables, leave=self.resumption.leave)
        put_back(self.asked, self._states(state))

    def _states(self, state: State | None) -> list[Mapping[str, Any]]:
        return matched(self.asked, state.callbacks if state is not None else ())

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        super().on_epoch_begin(epoch, logs)
        if self.part.start.step and self.resumption is not None and self.resumption.state is not None:
            # Keras has just set the metrics to zero, and callbacks have begun an epoch that is half done.
            self._put_back(self.resumption.state)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        super().on_epoch_end(epoch, logs)
        if not self.part.last:
            self.between = values_of(self.model)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        put_torch_seeds(self.seeds)
        super().on_train_batch_begin(batch + self.part.start.step, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.seeds = torch_seeds()
        super().on_train_batch_end(batch + self.part.start.step, logs)

    def on_train_end(self, logs: Any = None) -> None:
        if self.part.last or self.model.stop_training:
            super().on_train_end(logs)
