"""One fit: data to batches, callbacks in place, the model trained, the history kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.stored import whole
from mnistspec.diagnostics import BadData, OutputFailed, RunFailed, UsageError, first_line
from mnistspec.frozen import dataclass
from mnistspec.spec import FitSpec
from mnistspec.training.ahead import Ahead
from mnistspec.training.batches import batches_of, step_count
from mnistspec.training.callback_state import let_go
from mnistspec.training.callbacks import build_callbacks
from mnistspec.training.checkpoint import Checkpoint
from mnistspec.training.divergence import Diverged, DivergenceGuard, require_finite
from mnistspec.training.evaluating import Measurer, for_keras
from mnistspec.training.examples import Examples
from mnistspec.training.feeding import Feed
from mnistspec.training.jax_loop import JaxLoop, can_loop_on_jax
from mnistspec.training.loop import EpochLoop, Pace, StepGraphs, StepLoop, can_loop
from mnistspec.training.measuring import MeasuringGoes
from mnistspec.training.order import EpochOrder
from mnistspec.training.progress import Listener, Recorder
from mnistspec.training.resumable import Part, Resumable, Resumption, parts_of, require_step
from mnistspec.training.state import State, build_all
from mnistspec.training.stopping import StopRequest
from mnistspec.training.streaming import StreamedLoop, streams
from mnistspec.training.weighting import sample_weights


@dataclass(frozen=True)
class History:
    """What a fit leaves: a row an epoch, which epoch's weights were kept (from 1), and whether it was interrupted.

    `checkpoint` is the last state that was saved, where there is one.
    """

    rows: tuple[dict[str, float], ...]
    kept: int
    interrupted: bool = False
    checkpoint: Path | None = None


class TrainingFailed(RunFailed):
    """Training broke off; `history` is what had been measured until then."""

    def __init__(self, sentence: str, history: History) -> None:
        self.history = history
        super().__init__(sentence)


class _EpochSetter(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the order which epoch begins, before Keras asks for its batches."""

    def __init__(self, order: EpochOrder) -> None:
        super().__init__()
        self.order = order

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.order.epoch = epoch


def fit_model(
    model: keras.Model,
    fit: FitSpec,
    train: Examples,
    validation: Examples | None,
    *,
    seed: int,
    steps_at_once: int,
    compiled_whole: bool = False,
    left_to_keras: bool = False,
    validation_batch_size: int | None = None,
    measurer: Measurer | None = None,
    ahead: Ahead | None = None,
    folder: Path,
    listener: Listener,
    resumption: Resumption | None = None,
) -> History:
    """Trains the model in place, from its start or from where `resumption` says.

    `steps_at_once` and `compiled_whole` are those of `Pace`. Loops that are `left_to_keras` are those of a plain
    script; examples on the disk are not left to it. `measurer` is of use where the model is measured later too, `ahead`
    where the model's steps are being compiled already.
    Ctrl-C ends the training between steps, its state saved; the model keeps what it has learnt and the history what was
    measured. Raises: TrainingFailed with the backend's reason; UsageError, OutputFailed, RunFailed and MissingExtra for
    callbacks that cannot be made, UsageError for a state of another model.
    """
    steps = fit.steps_per_epoch or step_count(train.count, fit.batch_size)
    recorder = Recorder(listener, fit.epochs, steps)
    asked, stop = build_callbacks(fit.callbacks, folder), StopRequest()
    checkpoint = Checkpoint(folder / "checkpoint", fit.checkpoint, steps, lambda at: callbacks.state(at), stop)
    order = EpochOrder(seed, train.count, shuffle=fit.shuffle)
    # The recorder comes first: an epoch that is done counts, though a callback after it may fail.
    guards = _guards(asked, steps, lambda: loop.lost_at() if loop is not None else None)
    own = [_EpochSetter(order), recorder, *guards, *asked, checkpoint]
    callbacks = Resumable(model, own, recorder=recorder, asked=asked, epochs=fit.epochs, resumption=resumption)
    pace = Pace(fit.batch_size, fit.steps_per_epoch, steps_at_once, compiled_whole)
    weights = _weights(fit, train)
    arrays = (train.x, train.y) if weights is None else (train.x, train.y, weights)
    loop = _loop(model, arrays, order, pace, ahead, left_to_keras=left_to_keras)
    feeding = _feeding(fit, train, weights, order, loop)
    measured = validation_batch_size or fit.validation_batch_size or fit.batch_size
    looping = steps_at_once if feeding.loop is not None and can_loop(model) else None
    validated, measuring = _measuring(measurer or Measurer(model), fit, validation, measured, looping)
    training = _Training(
        model, fit, feeding, validated, None if measuring is not None else measured,
        steps, steps_at_once, callbacks, checkpoint, guarded=bool(guards),
    )  # fmt: skip
    if ahead is not None:
        ahead.finish()
    with _in_place(model, feeding.loop, measuring):
        interrupted = _trained(training, stop, resumption, recorder)
    kept = len(recorder.rows) if interrupted else _kept_epoch(asked, recorder)
    return replace(_history(recorder, checkpoint), kept=kept, interrupted=interrupted)


@contextmanager
def _in_place(model: keras.Model, loop: EpochLoop | None, measuring: MeasuringGoes | None) -> Iterator[None]:
    """The model with loops of ours in place of its functions, and as it was afterwards."""
    before = model.steps_per_execution
    model.train_function, model.test_function = loop, measuring
    try:
        yield
    finally:
        for one in (loop, measuring):
            if one is not None:
                one.close()
        # Functions traced for many steps at a time would be slow to trace again for prediction.
        model.steps_per_execution = before
        model.train_function = model.test_function = model.predict_function = None


def _trained(training: _Training, stop: StopRequest, resumption: Resumption | None, recorder: Recorder) -> bool:
    """Trains to the end, or until it is interrupted: whether it was. Raises: TrainingFailed, UsageError."""
    checkpoint = training.checkpoint
    try:
        with stop.listening():
            training.go(resumption)
        if training.guarded and recorder.rows:
            require_finite(training.model, len(recorder.rows), training.steps)
    except KeyboardInterrupt:
        return True
    except (UsageError, OutputFailed):
        raise
    except Diverged as error:
        raise TrainingFailed(_diverged(error, checkpoint), _history(recorder, checkpoint)) from error
    except Exception as error:
        # Whatever Keras, the backend or a callback raises here is about the spec or its data; --debug shows it whole.
        raise TrainingFailed(f"training stopped: {first_line(error)}", _history(recorder, checkpoint)) from error
    finally:
        let_go(training.callbacks.asked)
    return stop.asked  # after the last step, when nothing was left to be broken off


@dataclass(frozen=True, eq=False)
class _Training:
    """All that Keras' `fit` is called with, once for each part of the training."""

    model: keras.Model
    fit: FitSpec
    feeding: _Feeding
    validated: Any
    validation_batch_size: int | None
    steps: int
    steps_at_once: int
    callbacks: Resumable
    checkpoint: Checkpoint
    guarded: bool

    def go(self, resumption: Resumption | None) -> None:
        state = resumption.state if resumption is not None else None
        require_step(state, self.steps)
        for number, part in enumerate(parts_of(state, self.fit.epochs)):
            batches = self.feeding.batches(part.start.epoch, part.start.step)
            if number == 0:
                self.begin(part, batches, state)
            self.run(part, batches)
            if self.model.stop_training:
                break

    def begin(self, part: Part, batches: Any, state: State | None) -> None:
        """Makes what a state is put back into; made while a graph is traced, it would have to be traced twice."""
        if state is not None or self.feeding.loop is not None:
            build_all(self.model, batches)
        if state is not None:
            self.checkpoint.begin_at(part.start)

    def run(self, part: Part, batches: Any) -> None:
        self.callbacks.part, rest = part, self.steps - part.start.step
        looping = self.feeding.loop is not None
        self.model.steps_per_execution = self.steps_at_once if looping else _at_once(self.steps_at_once, rest, self.fit)
        self.model.fit(
            batches,
            initial_epoch=part.start.epoch,
            epochs=part.until,
            steps_per_epoch=rest if self.fit.steps_per_epoch is not None else None,
            shuffle=False,
            verbose=0,
            callbacks=self.callbacks,
            validation_data=self.validated,
            validation_batch_size=self.validation_batch_size,
            validation_freq=self.fit.validation_freq,
        )


def _guards(asked: list[Any], steps: int, lost_at: Callable[[], int | None]) -> list[Any]:
    """Who asks Keras to end the training on NaN has it end so, and go on to be evaluated."""
    ends = any(isinstance(one, keras.callbacks.TerminateOnNaN) for one in asked)
    return [] if ends else [DivergenceGuard(steps, lost_at)]


def _at_once(asked: int, rest: int, fit: FitSpec) -> int:
    """How many steps run at a time: in a stream the goes must fill what is left of the epoch exactly."""
    return 1 if fit.steps_per_epoch is not None and rest % asked else asked


def _history(recorder: Recorder, checkpoint: Checkpoint) -> History:
    saved = checkpoint.saved[0] if checkpoint.saved is not None else None
    return History(tuple(recorder.rows), len(recorder.rows), checkpoint=saved)


def _diverged(error: Diverged, checkpoint: Checkpoint) -> str:
    good = "no state had been saved yet"
    if checkpoint.saved is not None:
        path, position = checkpoint.saved
        good = f"the last good state is {path}, of {position}"
    ways = "a lower learning rate, `clipnorm: 1.0` for the optimizer, or inputs scaled to small numbers"
    return f"{error}; {good}; try {ways}"


@dataclass(frozen=True, eq=False)
class _Feeding:
    """The examples in their order: drawn as batches, or gathered by a loop inside the graph where there is one."""

    fit: FitSpec
    arrays: tuple[Any, Any, NDArray[Any] | None]
    order: EpochOrder
    steps: int
    loop: EpochLoop | None

    def batches(self, epoch: int, step: int) -> Any:
        """The batches from a step of an epoch on; epochs of a set number of steps are one stream."""
        endless, done = self.fit.steps_per_epoch is not None, epoch * self.steps + step
        if self.loop is None:
            first = done if endless else step
            return batches_of(*self.arrays, self.order, self.fit.batch_size, endless=endless, first=first)
        self.loop.done = done
        return self.loop.stand_in(self.steps - step)


def _loop(
    model: keras.Model, arrays: Any, order: EpochOrder, pace: Pace, ahead: Ahead | None, *, left_to_keras: bool
) -> EpochLoop | None:
    """The loop inside the graph; None where the loop is Keras' own."""
    if can_loop_on_jax(model) and pace.compiled_whole and not streams(arrays):
        return JaxLoop(model, arrays, order, pace)
    if not can_loop(model):
        return None
    if streams(arrays):
        return StreamedLoop(model, arrays, order, pace)
    if left_to_keras:
        return None
    feed = Feed(arrays)
    made = ahead.graphs_for(feed.form, pace) if ahead is not None else None
    return StepLoop(made or StepGraphs(model, feed.form, compiled_whole=pace.compiled_whole), feed, order, pace)


def _feeding(
    fit: FitSpec, train: Examples, weights: NDArray[np.float32] | None, order: EpochOrder, loop: EpochLoop | None
) -> _Feeding:
    steps = fit.steps_per_epoch or step_count(train.count, fit.batch_size)
    as_they_are = loop is not None or streams((train.x, train.y))
    held = (train.x, train.y) if as_they_are else keras.tree.map_structure(whole, (train.x, train.y))
    return _Feeding(fit, (*held, weights), order, steps, loop)


def _measuring(
    measurer: Measurer, fit: FitSpec, validation: Examples | None, batch_size: int, looping: int | None
) -> tuple[Any, MeasuringGoes | None]:
    """What `fit` validates on and, where batches are sliced in the graph (`looping` at a time), the loop that does."""
    validated = _validated(validation, fit)
    if validation is None or validated is None:
        return None, None
    if looping is None:
        return for_keras(*validated, batch_size), None
    count = min(validation.count, (fit.validation_steps or validation.count) * batch_size)
    loop = measurer.loop(validated, count, batch_size, looping)
    return loop.stand_in(looping), loop


def _validated(validation: Examples | None, fit: FitSpec) -> tuple[Any, Any] | None:
    """What each epoch is validated on: all, or the first `validation_steps` batches.

    Keras would take up the batches where the epoch before left off, and run past them with several steps at a time.
    """
    if validation is None:
        return None
    if fit.validation_steps is None:
        return validation.x, validation.y
    count = fit.validation_steps * (fit.validation_batch_size or fit.batch_size)
    x, y = keras.tree.map_structure(lambda array: array[:count], (validation.x, validation.y))
    return x, y


def _weights(fit: FitSpec, train: Examples) -> NDArray[np.float32] | None:
    if fit.class_weight is None:
        return None
    labels = keras.tree.flatten(train.y)
    if len(labels) > 1:
        raise BadData("`fit.class_weight` needs a model with one output")
    return sample_weights(whole(labels[0]), fit.class_weight)


def _kept_epoch(callbacks: list[Any], recorder: Recorder) -> int:
    """The epoch whose weights the model has: an early stop that restores the best goes back to it."""
    for callback in reversed(callbacks):
        stops_early = isinstance(callback, keras.callbacks.EarlyStopping) and callback.restore_best_weights
        if stops_early and callback.best_weights is not None:
            return int(callback.best_epoch) + 1
    return len(recorder.rows)
