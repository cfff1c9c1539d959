"""How the inputs lie in memory while a model trains: as they are stored, or prepared."""

from __future__ import annotations

from mnistspec.decisions.decision import GIVEN, Decision
from mnistspec.infer import TypedGraph
from mnistspec.spec import Spec


def hold(typed: TypedGraph, spec: Spec, accelerated: bool) -> Decision:
    """`stored` or `prepared`. The numbers that reach the model are the same."""
    if spec.data is not None and spec.data.hold != "auto":
        return Decision(spec.data.hold, GIVEN)
    if spec.backend != "tensorflow" or accelerated:
        return Decision(
            "prepared", f"batches are prepared in the graph on TensorFlow's processor alone, not on {_other(spec)}"
        )
    if spec.compile is not None and spec.compile.run_eagerly:
        return Decision("prepared", "`run_eagerly` leaves no graph to prepare batches in")
    waiting = typed.graph.facts.waiting if typed.graph.facts is not None else {}
    if not waiting:
        return Decision("prepared", "no input would take less memory as it is stored")
    told = ", ".join(f"`{name}` is {dtype}" for name, dtype in waiting.items())
    return Decision("stored", f"{told}: less memory, and the same bits once a batch is prepared")


def _other(spec: Spec) -> str:
    return spec.backend if spec.backend != "tensorflow" else "a GPU"
