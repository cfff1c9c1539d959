"""The proof: what was saved is loaded back and must predict, bit for bit, what the trained model predicted."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.stored import Stored, whole
from mnistspec.diagnostics import first_line
from mnistspec.training.predicting import PredictingLoop, can_predict

Predictions = Mapping[str, NDArray[Any]]
# Bytes of inputs prepared at a time for predictions.
_PREPARED = 2**26


def predict(model: keras.Model, x: Any, names: tuple[str, ...], batch_size: int) -> dict[str, NDArray[Any]]:
    """The model's outputs (examples, ...) by output name, from the first states of layers that carry some over."""
    forget(model)
    return predicted_by(model, x, names, batch_size)


def predicted_by(model: keras.Model, x: Any, names: tuple[str, ...], batch_size: int) -> dict[str, NDArray[Any]]:
    """As `predict`, from whatever states those layers are in."""
    if can_predict(model, x):
        return dict(zip(names, PredictingLoop(model, x, batch_size).arrays(), strict=True))
    parts = [_predicted(model, part, batch_size) for part in _parts(x, batch_size)]
    return {name: _joined(arrays) for name, arrays in zip(names, zip(*parts, strict=True), strict=True)}


def _predicted(model: keras.Model, x: Any, batch_size: int) -> list[Any]:
    result = model.predict(keras.tree.map_structure(whole, x), batch_size=batch_size, verbose=0)
    return keras.tree.flatten(result)  # type: ignore[no-any-return]


def _parts(x: Any, batch_size: int) -> Iterator[Any]:
    """The examples, so many at a time that what has to be prepared stays small: whole batches, so that none changes."""
    held = [array for array in keras.tree.flatten(x) if isinstance(array, Stored)]
    if not held:
        yield x
        return
    of_one = sum(array[:1].whole().nbytes for array in held)
    size = max(1, _PREPARED // (of_one * batch_size)) * batch_size
    for start in range(0, len(held[0]), size):
        yield keras.tree.map_structure(lambda array, begin=start: array[begin : begin + size], x)


def _joined(arrays: tuple[Any, ...]) -> NDArray[Any]:
    return np.asarray(arrays[0]) if len(arrays) == 1 else np.concatenate(arrays)


def forget(model: keras.Model) -> None:
    """Sets what stateful recurrent layers, at any depth, carry from batch to batch back to its start."""
    for layer in model._flatten_layers():
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
            layer.reset_state()


def identical(first: Predictions, second: Predictions) -> bool:
    """Whether all arrays have the same shapes, dtypes and bytes; so a NaN equals only itself, and 0.0 is not -0.0."""
    return first.keys() == second.keys() and all(
        one.shape == second[name].shape and one.dtype == second[name].dtype and one.tobytes() == second[name].tobytes()
        for name, one in first.items()
    )


def largest_difference(first: Predictions, second: Predictions) -> float | None:
    """The largest absolute difference; None where shapes differ. What is not a number is left out."""
    if any(array.shape != second[name].shape for name, array in first.items()):
        return None
    return max((_furthest(array, second[name]) for name, array in first.items()), default=0.0)


def _furthest(one: NDArray[Any], other: NDArray[Any]) -> float:
    with np.errstate(invalid="ignore"):
        gaps = np.abs(one.astype("float64") - other.astype("float64"))
    return float(gaps[~np.isnan(gaps)].max(initial=0.0))


class RandomState:
    """The states of a model's random generators, which prediction itself can move (dropout called with training)."""

    def __init__(self, model: keras.Model) -> None:
        self.values = [keras.ops.convert_to_numpy(variable) for variable in _generator_states(model)]

    def restore(self, model: keras.Model) -> None:
        """Puts another model of the same build into this state."""
        for variable, value in zip(_generator_states(model), self.values, strict=True):
            variable.assign(value)


def _generator_states(model: keras.Model) -> list[Any]:
    weights = {id(variable) for variable in model.weights}
    return [v for v in model.non_trainable_variables if id(v) not in weights and "seed" in v.path.lower()]


def check_model_file(
    path: Path, state: RandomState, expected: Predictions, predict_with: Callable[[Any], Predictions]
) -> dict[str, Any]:
    """Loads the whole model back and compares."""
    return _checked(lambda: _load(path), state, expected, predict_with)


def _load(path: Path) -> keras.Model:
    with warnings.catch_warnings():
        # Keras restores no optimizer that scales the loss; for predictions that is all the same.
        warnings.filterwarnings("ignore", message="Skipping variable loading for optimizer")
        warnings.filterwarnings("ignore", message="When providing `inputs` as a dict")
        return keras.models.load_model(path, safe_mode=True)


def check_weights_file(
    path: Path,
    fresh: keras.Model,
    state: RandomState,
    expected: Predictions,
    predict_with: Callable[[Any], Predictions],
) -> dict[str, Any]:
    """Loads the weights into a model freshly built from the spec and compares."""

    def load() -> keras.Model:
        if fresh.optimizer is not None:
            # The file holds the optimizer's state too, which finds its place only where the optimizer has variables.
            fresh.optimizer.build(fresh.trainable_variables)
        fresh.load_weights(path)
        return fresh

    return _checked(load, state, expected, predict_with)


def _checked(
    load: Callable[[], keras.Model],
    state: RandomState,
    expected: Predictions,
    predict_with: Callable[[Any], Predictions],
) -> dict[str, Any]:
    result: dict[str, Any] = {"identical": False, "compared": len(next(iter(expected.values())))}
    try:
        model = load()
        state.restore(model)
        found = predict_with(model)
    except Exception as error:
        # A damaged file can fail in as many ways as Keras, HDF5 and ZIP have; each is a proof that failed.
        return result | {"error": first_line(error)}
    if identical(expected, found):
        return result | {"identical": True}
    return result | {"largest_difference": largest_difference(expected, found)}
