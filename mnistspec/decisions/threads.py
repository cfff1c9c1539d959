"""With how many threads the processor computes: sums are divided among them, and so their bits depend on it."""

from __future__ import annotations

from mnistspec.decisions.decision import GIVEN, Decision
from mnistspec.processors import cores
from mnistspec.spec import Spec


def threads(spec: Spec, kept: object = None) -> Decision:
    """A number or `auto`; `kept` is what a run that goes on began with."""
    if spec.threads != "auto":
        return Decision(spec.threads, GIVEN)
    if not spec.deterministic or spec.backend == "jax":
        return Decision("auto", f"left to {spec.backend}, which takes as many as there are cores")
    if isinstance(kept, int):
        return Decision(kept, "as the run began")
    return Decision(cores(), "one a core, and no more or fewer: sums are divided among them")
