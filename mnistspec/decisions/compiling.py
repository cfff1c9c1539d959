"""Whether XLA compiles the training: it makes dense graphs faster on a processor, and others much slower."""

from __future__ import annotations

from mnistspec.decisions.decision import GIVEN, Decision
from mnistspec.decisions.means import no_mean
from mnistspec.spec import CompileSpec, FitSpec, Spec
from mnistspec.typed import TypedGraph

# What runs faster when XLA compiles it for a processor. Convolutions take twice to forty times as long there, random
# numbers (Dropout) four times; loops over time gain nothing.
_DENSE = frozenset({
    "Activation", "ActivityRegularization", "Add", "Average", "BatchNormalization", "Concatenate", "Dense", "Dot",
    "ELU", "Flatten", "Functional", "Identity", "LayerNormalization", "LeakyReLU", "Maximum", "Minimum", "Multiply",
    "PReLU", "Permute", "ReLU", "RepeatVector", "Rescaling", "Reshape", "Softmax", "Subtract", "UnitNormalization",
})  # fmt: skip
# What JAX runs no slower as a loop of steps; it compiles random numbers and loops over time in any case.
_IN_A_LOOP_OF_JAX = _DENSE | {"Dropout", "GRU", "LSTM"}
# Seconds that XLA takes to compile a step: at all, and for each layer with weights; and what it saves of each step,
# at all and for each operation.
_COMPILING, _COMPILING_A_LAYER = 0.2, 0.25
_SAVED_A_STEP, _SAVED_AN_OPERATION = 0.15e-3, 2.5e-12
# A forward and a backward pass cost about three forward passes.
_PASSES = 3


def jit_compile(
    typed: TypedGraph, spec: Spec, compiled: CompileSpec, fit: FitSpec, steps: int | None, accelerated: bool
) -> Decision:
    if compiled.jit_compile != "auto":
        return Decision(compiled.jit_compile, GIVEN)
    if spec.deterministic and spec.backend != "jax":
        return Decision(False, "XLA rounds otherwise, and the spec is `deterministic`")
    if spec.backend == "torch" or accelerated:
        return Decision("auto", f"left to Keras on {'a GPU' if accelerated else spec.backend}")
    if spec.backend == "jax":
        return _on_jax(typed, spec, compiled)
    against = _against_compiling(typed, compiled, _DENSE)
    if against is not None:
        return Decision(False, against)
    if steps is None:
        return Decision("auto", "decided once the number of examples is known")
    return _worth_compiling(typed, fit.batch_size, steps * fit.epochs)


def _on_jax(typed: TypedGraph, spec: Spec, compiled: CompileSpec) -> Decision:
    """JAX compiles every step; True where it compiles many of them together, as one loop."""
    if spec.deterministic:
        return Decision("auto", "left to Keras on jax: a loop rounds otherwise, and the spec is `deterministic`")
    against = _against_compiling(typed, compiled, _IN_A_LOOP_OF_JAX)
    if against is not None:
        return Decision("auto", f"left to Keras on jax: {against}")
    return Decision(True, "only layers that JAX makes faster on a processor where it compiles many steps together")


def _against_compiling(typed: TypedGraph, compiled: CompileSpec, faster: frozenset[str]) -> str | None:
    """Why XLA would not make this model faster on a processor, as it does with the layers in `faster`; or None."""
    for node in typed.used:
        if node.call is None or node.call.name not in faster:
            return f"`{node.name}` is not among the layers that XLA makes faster on a processor"
    doubtful = no_mean(compiled)
    if doubtful is not None:
        return f"`{doubtful}` is not known to gain from XLA"
    if compiled.run_eagerly:
        return "`run_eagerly` leaves nothing to compile"
    return None if compiled.precision == "float32" else f"not measured in {compiled.precision}"


def _worth_compiling(typed: TypedGraph, batch_size: int, steps: int) -> Decision:
    """Whether a training of dense layers is long enough to win back the time that compiling takes."""
    layers = sum(bool(typed.inferred[node.name].trainable) for node in typed.used)
    cost = _COMPILING + _COMPILING_A_LAYER * layers
    saved = steps * (_SAVED_A_STEP + _SAVED_AN_OPERATION * _PASSES * batch_size * (typed.flops or 0))
    told = f"about {saved:.1f} s in {steps:,} steps, and compiling takes about {cost:.1f} s"
    if saved <= cost:
        return Decision(False, f"XLA would save {told}")
    return Decision(True, f"only layers that XLA makes faster on a processor: it saves {told}")
