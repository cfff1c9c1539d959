"""What Keras 3.15 does on TensorFlow and not on the backend that a spec names: only a training would tell."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

_TEXT = ("StringLookup", "TextVectorization")
# Layers that do not train there; each was tried.
_LAYERS = {
    "tensorflow": (),
    "jax": (*_TEXT, "HashedCrossing", "Hashing", "IntegerLookup", "RandomElasticTransform"),
    "torch": _TEXT,
}


def backend_settings(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """What cannot be set: Keras runs the steps of PyTorch one at a time, and JAX takes its threads from the machine."""
    compiled = spec.compile
    if spec.backend == "jax" and spec.threads != "auto" and "threads" not in spec.hidden:
        says = "JAX cannot be told how many threads to take"
        return (Diagnostic("E204", says, spec.spans["threads"], "leave it out, or change `backend`"),)
    if spec.backend != "torch" or compiled is None or "steps_per_execution" in compiled.hidden:
        return ()
    if compiled.steps_per_execution in ("auto", 1):
        return ()
    at = compiled.spans["steps_per_execution"]
    return (Diagnostic("E204", "Keras runs steps on torch one at a time", at, "leave it out, or change `backend`"),)


def backend_layers(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Layers that the backend has no way to run."""
    return tuple(
        Diagnostic("E204", f"`{node.call.name}` does not run on {spec.backend}", node.call.span, "change `backend`")
        for node in typed.of_classes(_LAYERS[spec.backend])
        if node.call is not None
    )
