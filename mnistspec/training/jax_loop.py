"""The loop of `loop` on JAX, where a step takes the model's state and gives the next: many steps inside one call.

Each step is `keras.Model.train_step`, as in Keras' own loop; what is saved is Python's time and the iterator's.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import keras

from mnistspec.datasets.stored import whole
from mnistspec.training.feeding import Feed, Form, Given, Structure
from mnistspec.training.loop import Pace, StepLoop
from mnistspec.training.order import EpochOrder

# What Keras hands from step to step: the trainable variables, the others, the optimizer's and the metrics', as arrays.
_State: TypeAlias = tuple[list[Any], ...]


def can_loop_on_jax(model: keras.Model) -> bool:
    """Whether the steps of this model can run inside one call of JAX, on one device."""
    if keras.backend.backend() != "jax" or model.run_eagerly:
        return False
    return keras.distribution.distribution() is None


class JaxGraphs:
    """A model's training step over arrays of one form, which puts `state` forward."""

    def __init__(self, model: keras.Model, form: Form) -> None:
        import jax

        self._model, self._form = model, form
        self.state: Any = None
        self._full = jax.jit(self._several, donate_argnums=0)
        self._smaller = jax.jit(self._one, donate_argnums=0)

    def full(self, given: Given, rows: Any, first: Any, last: Any) -> tuple[dict[str, Any], Any]:
        logs, finite, self.state = self._full(self.state, given, rows, first, last)
        return dict(logs), finite

    def smaller(self, given: Given, rows: Any) -> dict[str, Any]:
        logs, self.state = self._smaller(self.state, given, rows)
        return dict(logs)

    def _several(self, state: _State, given: Given, rows: Any, first: Any, last: Any) -> tuple[Any, Any, _State]:
        import jax

        metrics = self._model.metrics_variables
        loss = next(place for place, one in enumerate(metrics) if one is self._model._loss_tracker.total)

        def step(number: Any, done: tuple[_State, Any]) -> tuple[_State, Any]:
            state = self._step(done[0], given, rows[number])[1]
            return state, done[1] + jax.numpy.isfinite(state[3][loss])

        state, finite = jax.lax.fori_loop(first, last, step, (_listed(state), jax.numpy.int32(0)))
        with keras.StatelessScope(list(zip(metrics, state[3], strict=True))):
            return dict(self._model.get_metrics_result()), finite, state

    def _one(self, state: _State, given: Given, rows: Any) -> tuple[dict[str, Any], _State]:
        return self._step(state, given, rows)

    def _step(self, state: _State, given: Given, rows: Any) -> tuple[dict[str, Any], _State]:
        logs, state = self._model.train_step(state, self._form.gathered(given, rows))
        return logs, _listed(state)


def _listed(state: Any) -> _State:
    """Lists all, whichever Keras gives: a loop's state has one form."""
    return tuple(list(part) for part in state)


class JaxLoop(StepLoop):
    """A model's `train_function` on JAX."""

    def __init__(self, model: keras.Model, arrays: Structure, order: EpochOrder, pace: Pace) -> None:
        feed = Feed(arrays)
        self._arrays, self._jax_graphs = arrays, JaxGraphs(model, feed.form)
        super().__init__(self._jax_graphs, feed, order, pace)

    def first(self) -> Structure:
        """The first batch by NumPy: outside a graph JAX compiles each operation by itself."""
        return keras.tree.map_structure(lambda array: whole(array[: self.batch_size]), self._arrays)

    def __call__(self, *given: Any) -> Any:
        """As Keras on JAX calls it, with the state and an iterator: the metrics after the last step, and the state."""
        self._jax_graphs.state = given[0]
        logs = self.go()
        state, self._jax_graphs.state = self._jax_graphs.state, None
        return logs, state

    def stand_in(self, steps: int | None = None) -> Any:
        return _FirstBatch(self.first(), None if self.endless else steps or self.steps)


class _FirstBatch(keras.utils.PyDataset):  # type: ignore[misc]
    """The first batch, as often as is wanted."""

    def __init__(self, batch: Structure, count: int | None) -> None:
        super().__init__(workers=0)
        self._batch, self._count = batch, count

    @property
    def num_batches(self) -> int | None:
        return self._count

    def __getitem__(self, index: int) -> Structure:
        return self._batch
