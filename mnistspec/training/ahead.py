"""The training's graph made before there are examples: XLA compiles it on another core while these are read.

Compiling takes XLA half a second and needs nothing of Python; reading and preparing MNIST takes nearly as long.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import keras
import numpy as np

from mnistspec.interruption import NOT_WAITED_FOR
from mnistspec.training.examples import Examples
from mnistspec.training.feeding import Feed, Form
from mnistspec.training.loop import Pace, StepGraphs, can_loop
from mnistspec.training.state import build_all


class Ahead:
    """The graphs of a model's steps, traced for examples of this form and being compiled whole.

    Until `finish`, nobody else may set the model's variables: the compiled graph is called for no step at all, and
    leaves them as they are, but writes them.
    """

    def __init__(self, model: keras.Model, blank: Examples, batch_size: int) -> None:
        """`blank` are examples of the form of those to come; there is a full batch of them."""
        self.model = model
        feed = Feed((blank.x, blank.y))
        build_all(model, [feed.first(batch_size)])
        self._graphs = StepGraphs(model, feed.form, compiled_whole=True)
        rows = np.zeros((blank.count // batch_size, batch_size), np.int64)
        nothing: Any = (feed.given, rows, np.int64(0), np.int64(0))
        self._graphs.full.get_concrete_function(*nothing)  # tracing is Python's work
        with_a_thread = ThreadPoolExecutor(1, NOT_WAITED_FOR)
        self._compiling: Future[Any] = with_a_thread.submit(self._graphs.full, *nothing)
        with_a_thread.shutdown(wait=False)

    def finish(self) -> None:
        """Waits for the compiler. Where it failed, the first step will, and says why."""
        wait([self._compiling])

    def graphs_for(self, form: Form, pace: Pace) -> StepGraphs | None:
        """The graphs, if they are for examples of that form at that pace."""
        return self._graphs if pace.compiled_whole and form.name == self._graphs.form.name else None


def ahead(model: keras.Model, blank: Examples, batch_size: int) -> Ahead | None:
    """Begins to compile, where the steps of this model can run in one graph; None where they cannot."""
    if not can_loop(model) or blank.count < batch_size:
        return None
    try:
        return Ahead(model, blank, batch_size)
    except Exception:
        # Whatever Keras or the backend raises here they raise again in the first step, where it is told.
        return None
