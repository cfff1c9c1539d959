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


_WAY_OUT = "leave it out, or change `backend`"


def backend_settings(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """What cannot be set on JAX or PyTorch."""
    if spec.backend == "jax":
        return (*_threads_of_jax(spec), *_precision_of_jax(spec))
    return _steps_of_torch(spec) if spec.backend == "torch" else ()


def _threads_of_jax(spec: Spec) -> tuple[Diagnostic, ...]:
    """JAX takes its threads from the machine."""
    if spec.threads == "auto" or "threads" in spec.hidden:
        return ()
    return (Diagnostic("E204", "JAX cannot be told how many threads to take", spec.spans["threads"], _WAY_OUT),)


def _precision_of_jax(spec: Spec) -> tuple[Diagnostic, ...]:
    """JAX takes float32 instead, unless it is switched over before Keras is imported."""
    compiled = spec.compile
    if compiled is None or "precision" in compiled.hidden or compiled.precision != "float64":
        return ()
    return (Diagnostic("E204", "JAX computes in float32 instead of float64", compiled.spans["precision"], _WAY_OUT),)


def _steps_of_torch(spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras runs the steps of PyTorch one at a time."""
    compiled = spec.compile
    if compiled is None or "steps_per_execution" in compiled.hidden or compiled.steps_per_execution in ("auto", 1):
        return ()
    at = compiled.spans["steps_per_execution"]
    return (Diagnostic("E204", "Keras runs steps on torch one at a time", at, _WAY_OUT),)


def backend_layers(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Layers that the backend has no way to run."""
    return tuple(
        Diagnostic("E204", f"`{node.call.name}` does not run on {spec.backend}", node.call.span, "change `backend`")
        for node in typed.of_classes(_LAYERS[spec.backend])
        if node.call is not None
    )
