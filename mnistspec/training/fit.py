"""One fit: data to batches, callbacks in place, the model trained, the history kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.loaded import Split
from mnistspec.diagnostics import BadData, RunFailed, first_line
from mnistspec.spec import FitSpec
from mnistspec.training.batches import batches_of, step_count
from mnistspec.training.callbacks import build_callbacks
from mnistspec.training.checkpoint import Checkpoint
from mnistspec.training.loop import StepLoop, can_loop
from mnistspec.training.measuring import MeasuringLoop
from mnistspec.training.order import EpochOrder
from mnistspec.training.progress import Listener, Recorder
from mnistspec.training.weighting import sample_weights


@dataclass(frozen=True, eq=False)
class Examples:
    """One split as the model takes it: `x` and `y` one array each, or several by name."""

    x: Any
    y: Any
    count: int


@dataclass(frozen=True)
class History:
    """What a fit leaves: a row an epoch, which epoch's weights were kept (from 1), and whether it was interrupted."""

    rows: tuple[dict[str, float], ...]
    kept: int
    interrupted: bool = False


class TrainingFailed(RunFailed):
    """Training broke off; `history` is what had been measured until then."""

    def __init__(self, sentence: str, history: History) -> None:
        self.history = history
        super().__init__(sentence)


def examples_of(split: Split, targets: dict[str, NDArray[Any]], input_names: tuple[str, ...]) -> Examples:
    """The arrays of a split under the names that the model's inputs and outputs have."""
    outputs = next(iter(targets.values())) if len(targets) == 1 else targets
    return Examples(inputs_of(split, input_names), outputs, split.size)


def inputs_of(split: Split, input_names: tuple[str, ...]) -> Any:
    """A split's inputs as the model takes them: one array, or several by name. Raises: BadData for one not there."""
    x = {name: _feedable(array) for name, array in split.x.items()}
    if len(input_names) == 1 and len(x) == 1:
        return next(iter(x.values()))
    missing = [name for name in input_names if name not in x]
    if missing:
        raise BadData(f"the data has no array for the input `{missing[0]}`; it has {', '.join(f'`{n}`' for n in x)}")
    return x[input_names[0]] if len(input_names) == 1 else {name: x[name] for name in input_names}


def _feedable(array: NDArray[Any]) -> Any:
    """The array as Keras can take it: strings, which NumPy holds as objects, as TensorFlow's own strings."""
    if array.dtype.kind not in "OSU" or keras.backend.backend() != "tensorflow":
        return array
    import tensorflow as tf

    return tf.constant(array.tolist(), dtype=tf.string)


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
    validation_batch_size: int | None = None,
    folder: Path,
    listener: Listener,
) -> History:
    """Trains the model in place.

    `compiled_whole` has XLA compile the whole loop of steps, not the single step as `jit_compile` does.
    Ctrl-C ends the training between steps; the model keeps what it has learnt and the history what was measured.
    Raises: TrainingFailed with the backend's reason; UsageError, OutputFailed, RunFailed and MissingExtra for
    callbacks that cannot be made.
    """
    order = EpochOrder(seed, train.count, shuffle=fit.shuffle)
    batches, loop = _feeding(model, fit, train, order, steps_at_once, compiled_whole=compiled_whole)
    steps = fit.steps_per_epoch or step_count(train.count, fit.batch_size)
    recorder = Recorder(listener, fit.epochs, steps)
    asked = build_callbacks(fit.callbacks, folder)
    # The recorder comes first: an epoch that is done counts, though a callback after it may fail.
    own: list[Any] = [_EpochSetter(order), recorder, *asked]
    if fit.checkpoint is not None:
        own.append(Checkpoint(folder / "checkpoint", fit.checkpoint))
    measured = validation_batch_size or fit.validation_batch_size or fit.batch_size
    validated, measuring = _measuring(model, fit, validation, measured, steps_at_once if loop is not None else None)
    interrupted = False
    before = model.steps_per_execution
    model.steps_per_execution = steps_at_once
    model.train_function, model.test_function = loop, measuring
    try:
        model.fit(
            batches,
            epochs=fit.epochs,
            steps_per_epoch=fit.steps_per_epoch,
            shuffle=False,
            verbose=0,
            callbacks=own,
            validation_data=validated,
            validation_batch_size=None if measuring is not None else measured,
            validation_freq=fit.validation_freq,
        )
    except KeyboardInterrupt:
        interrupted = True
    except Exception as error:
        # Whatever Keras, the backend or a callback raises here is about the spec or its data; --debug shows it whole.
        history = History(tuple(recorder.rows), len(recorder.rows))
        raise TrainingFailed(f"training stopped: {first_line(error)}", history) from error
    finally:
        # Functions traced for many steps at a time would be slow to trace again for prediction.
        model.steps_per_execution = before
        model.train_function = model.test_function = model.predict_function = None
    kept = len(recorder.rows) if interrupted else _kept_epoch(asked, recorder)
    return History(tuple(recorder.rows), kept, interrupted)


def _feeding(
    model: keras.Model, fit: FitSpec, train: Examples, order: EpochOrder, steps_at_once: int, *, compiled_whole: bool
) -> tuple[Any, StepLoop | None]:
    """What `fit` iterates over and, where steps can gather their own batches, the loop that runs them."""
    weights = _weights(fit, train)
    if not can_loop(model):
        endless = fit.steps_per_epoch is not None
        return batches_of(train.x, train.y, weights, order, fit.batch_size, endless=endless), None
    arrays = (train.x, train.y) if weights is None else (train.x, train.y, weights)
    loop = StepLoop(
        model, arrays, order, fit.batch_size,
        steps=fit.steps_per_epoch, steps_at_once=steps_at_once, compiled_whole=compiled_whole,
    )  # fmt: skip
    return loop.stand_in(), loop


def _measuring(
    model: keras.Model, fit: FitSpec, validation: Examples | None, batch_size: int, looping: int | None
) -> tuple[Any, MeasuringLoop | None]:
    """What `fit` validates on and, where batches are sliced in the graph (`looping` at a time), the loop that does."""
    validated = _validated(validation, fit)
    if validation is None or validated is None or looping is None:
        return validated, None
    count = min(validation.count, (fit.validation_steps or validation.count) * batch_size)
    loop = MeasuringLoop(model, validated, count, batch_size, looping)
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
    if isinstance(train.y, dict):
        raise BadData("`fit.class_weight` needs a model with one output")
    return sample_weights(train.y, fit.class_weight)


def _kept_epoch(callbacks: list[Any], recorder: Recorder) -> int:
    """The epoch whose weights the model has: an early stop that restores the best goes back to it."""
    for callback in reversed(callbacks):
        stops_early = isinstance(callback, keras.callbacks.EarlyStopping) and callback.restore_best_weights
        if stops_early and callback.best_weights is not None:
            return int(callback.best_epoch) + 1
    return len(recorder.rows)
