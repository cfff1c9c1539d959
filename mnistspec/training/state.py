"""The complete state of a training: all that its next step depends on, taken from a model and put back into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras.src.backend.common.global_state import get_global_attribute
from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR
from numpy.typing import NDArray

from mnistspec.diagnostics import UsageError

Rows = tuple[dict[str, float], ...]


@dataclass(frozen=True, order=True)
class Position:
    """How far a training is: epochs done, and steps done of the one under way."""

    epoch: int = 0
    step: int = 0

    def __str__(self) -> str:
        return f"epoch {self.epoch + 1}, step {self.step}" if self.step else f"the end of epoch {self.epoch}"


@dataclass(frozen=True, eq=False)
class State:
    """A training between two steps.

    `variables` are those of the model, with every seed generator, of the optimizer and of the metrics, in Keras'
    order. `rows` is the history, `seconds` what the epoch under way has taken. `stopped` says that a callback has
    asked for the end.
    """

    position: Position
    variables: tuple[NDArray[Any], ...]
    callbacks: tuple[Mapping[str, Any], ...]
    rows: Rows
    seconds: float = 0.0
    stopped: bool = False
    seed: NDArray[Any] | None = None
    torch_seeds: tuple[NDArray[Any], ...] = ()

    def plain(self) -> dict[str, Any]:
        """As maps, lists and arrays."""
        return {**vars(self), "position": [self.position.epoch, self.position.step]}


def state_from(plain: Mapping[str, Any]) -> State:
    """The state that `plain` gave."""
    lists = ("variables", "callbacks", "rows", "torch_seeds")
    listed = {name: tuple(plain.get(name, ())) for name in lists}
    return State(**{**plain, **listed, "position": Position(*plain["position"])})


def build_all(model: keras.Model, batches: Any) -> None:
    """Makes the variables of optimizer and metrics, which Keras on TensorFlow makes only when it traces a step."""
    if keras.backend.backend() == "tensorflow":
        model._symbolic_build(data_batch=next(iter(batches)))


def variables_of(model: keras.Model) -> list[Any]:
    """Every variable that a training changes: weights, seed generators, the optimizer's, the metrics', states."""
    optimizer = model.optimizer.variables if model.optimizer is not None else []
    return [*model.variables, *optimizer, *model.metrics_variables, *_states_of(model)]


def _states_of(model: keras.Model) -> list[Any]:
    """What stateful recurrent layers, at any depth, carry from batch to batch: Keras counts it among no variables."""
    layers = [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN) and layer.stateful]
    states: list[Any] = keras.tree.flatten([layer.states for layer in layers if layer.states is not None])
    return states


def values_of(model: keras.Model) -> tuple[NDArray[Any], ...]:
    """What the variables hold, copied."""
    return tuple(np.array(keras.ops.convert_to_numpy(variable)) for variable in variables_of(model))


def put_values(model: keras.Model, values: Sequence[NDArray[Any]], *, leave: frozenset[str] = frozenset()) -> None:
    """Sets the variables of a model that is built, its optimizer and metrics too, but for those of a name in `leave`.

    Raises: UsageError where the values are another model's.
    """
    variables = variables_of(model)
    same = len(variables) == len(values) and all(
        tuple(variable.shape) == value.shape and variable.dtype == value.dtype.name
        for variable, value in zip(variables, values, strict=True)
    )
    if not same:
        raise UsageError("the checkpoint is of another model, optimizer or metrics than the spec has; start a new run")
    for variable, value in zip(variables, values, strict=True):
        if variable.name not in leave:
            variable.assign(value)


def finite(model: keras.Model) -> bool:
    """Whether all trained weights are numbers, so that training can go on from them."""
    # By NumPy: JAX would compile each operation for each shape.
    return all(bool(np.isfinite(keras.ops.convert_to_numpy(one)).all()) for one in model.trainable_variables)


def global_seed() -> NDArray[Any] | None:
    """The state of Keras' own generator, which is used where nothing has a seed; None where it never was."""
    generator = get_global_attribute(GLOBAL_SEED_GENERATOR)
    return None if generator is None else np.array(keras.ops.convert_to_numpy(generator.state))


def torch_seeds() -> tuple[NDArray[Any], ...]:
    """PyTorch's own generators, the processor's first: Keras' Dropout draws from them there. Elsewhere none."""
    if keras.backend.backend() != "torch":
        return ()
    import torch

    return (torch.get_rng_state().numpy(), *(state.numpy() for state in torch.cuda.get_rng_state_all()))


def put_torch_seeds(states: Sequence[NDArray[Any]]) -> None:
    if states:
        import torch

        torch.set_rng_state(torch.tensor(states[0]))
        torch.cuda.set_rng_state_all([torch.tensor(state) for state in states[1:]])


def put_global_seed(state: NDArray[Any] | None) -> None:
    if state is not None:
        keras.src.random.seed_generator.global_seed_generator().state.assign(state)
