"""How the inputs lie in memory while a model trains: as they are stored, or prepared; or not at all."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.datasets import DataFacts
from mnistspec.datasets.facts import Waiting
from mnistspec.datasets.memory import available_bytes
from mnistspec.datasets.sources.images import MOST_COUNTED
from mnistspec.datasets.waiting import SINGLE
from mnistspec.decisions.decision import GIVEN, Decision
from mnistspec.memory import SHARE, data_bytes, show_bytes, streams_by_itself
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def hold(typed: TypedGraph, spec: Spec, accelerated: bool, *, compiled_whole: bool) -> Decision:
    """`stored`, `prepared` or `streamed`. The numbers that reach the model are the same.

    `compiled_whole` is whether XLA compiles the loop of steps.
    """
    if spec.data is not None and spec.data.hold != "auto":
        return Decision(spec.data.hold, GIVEN)
    chosen = _in_memory(typed, spec, accelerated, compiled_whole)
    needed = _needed(typed.graph.facts, spec, stored=chosen.value == "stored")
    if spec.data is None or not streams_by_itself(spec, needed):
        return chosen
    free = show_bytes(available_bytes())
    return Decision(
        "streamed", f"the examples take {show_bytes(needed)}, more than 1/{SHARE} of the {free} of memory that are free"
    )


def _needed(facts: DataFacts | None, spec: Spec, *, stored: bool) -> int:
    """Bytes of the examples in memory; of pictures too many to be counted beforehand, of as many as were counted."""
    uncounted = spec.data is not None and spec.data.source.name == "images" and facts is not None and facts.class_names
    if facts is not None and uncounted and facts.train is None:
        facts = replace(facts, train=MOST_COUNTED)
    return data_bytes(facts, stored=stored)


def _in_memory(typed: TypedGraph, spec: Spec, accelerated: bool, compiled_whole: bool) -> Decision:
    if spec.backend == "torch" or accelerated:
        return Decision(
            "prepared", f"batches are prepared in the graph on a processor by TensorFlow or JAX, not on {_other(spec)}"
        )
    if spec.backend == "jax" and not compiled_whole:
        return Decision("prepared", "Keras' own loop takes batches that are prepared")
    if spec.compile is not None and spec.compile.run_eagerly:
        return Decision("prepared", "`run_eagerly` leaves no graph to prepare batches in")
    if spec.compile is not None and spec.compile.steps_per_execution == 1:
        return Decision("prepared", "`steps_per_execution: 1` leaves the batches to Keras")
    waiting = typed.graph.facts.waiting if typed.graph.facts is not None else {}
    if not waiting:
        return Decision("prepared", "no input would take less memory as it is stored")
    doubled = next((name for name, held in waiting.items() if spec.backend == "jax" and not _in_single(held)), None)
    if doubled is not None:
        return Decision("prepared", f"`{doubled}` is scaled in double precision, which JAX has not")
    told = ", ".join(f"`{name}` is {held.array.dtype}" for name, held in waiting.items())
    return Decision("stored", f"{told}: less memory, and the same bits once a batch is prepared")


def _in_single(held: Waiting) -> bool:
    return all(step.name in SINGLE for step in held.steps)


def _other(spec: Spec) -> str:
    return spec.backend if spec.backend != "tensorflow" else "a GPU"
