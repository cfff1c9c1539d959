"""How a training is run fast: what is decided from the graph, the data and the device where the spec says `auto`.

The figures were measured with Keras 3.15 on TensorFlow 2.21, on two cores without an accelerator. They decide what is
tried, never what comes out: the numbers are the same whatever is decided, but for XLA's rounding.
"""

from __future__ import annotations

import math
from pathlib import Path

from mnistspec.decisions.compiling import jit_compile
from mnistspec.decisions.decision import Count, Decision
from mnistspec.decisions.holding import hold
from mnistspec.decisions.measuring import measured_at_a_time
from mnistspec.decisions.steps import steps_per_execution
from mnistspec.decisions.threads import threads
from mnistspec.frozen import dataclass
from mnistspec.spec import CompileSpec, Spec
from mnistspec.typed import TypedGraph
from mnistspec.unnested import unnested

# Keras' own batch for evaluation.
EVALUATED = 32


@dataclass(frozen=True)
class Decisions:
    """All that is decided for a training, under the names that the spec has for it.

    Training and measuring are `left_to_keras` where one step at a time is asked for: the very loops of a plain script.
    With `compiled_whole` it is the loop of steps that XLA compiles.
    """

    hold: Decision
    jit_compile: Decision
    steps_per_execution: Count
    validation_batch_size: Count
    evaluate_batch_size: Count
    threads: Decision
    left_to_keras: bool = False
    compiled_whole: bool = False

    def by_setting(self) -> dict[str, Decision]:
        """Each decision by the path of the setting that overrides it."""
        return {
            "data.hold": self.hold,
            "compile.jit_compile": self.jit_compile,
            "compile.steps_per_execution": self.steps_per_execution,
            "fit.validation_batch_size": self.validation_batch_size,
            "evaluate.batch_size": self.evaluate_batch_size,
            "threads": self.threads,
        }


def decide(typed: TypedGraph, spec: Spec, *, examples: int | None = None, accelerated: bool | None = None) -> Decisions:
    """The decisions for a spec with `compile` and `fit`.

    `examples` are those trained on, from the data's facts where None; `accelerated` says whether there is a GPU, looked
    up where None.
    """
    typed, compiled, fit = unnested(typed), spec.compile, spec.fit
    assert compiled is not None and fit is not None
    facts = typed.graph.facts
    count = examples if examples is not None or facts is None else facts.train
    steps = fit.steps_per_epoch or (None if count is None else math.ceil(count / fit.batch_size))
    there = accelerator_there() if accelerated is None else accelerated
    fixed = next((given.batch_size for given in typed.graph.inputs if given.batch_size is not None), None)
    held_out = (facts.validation, facts.test) if facts is not None else ()
    compiling = jit_compile(typed, spec, compiled, fit, steps, there)
    whole = _compiled_whole(compiled, compiling=compiling.value is True)
    return Decisions(
        hold(typed, spec, there, compiled_whole=whole),
        compiling,
        steps_per_execution(compiled, fit, spec.backend, steps, typed.flops),
        measured_at_a_time(
            typed, spec, fit.validation_batch_size, fixed or fit.batch_size, fit.validation_steps, held_out[:1]
        ),
        measured_at_a_time(typed, spec, spec.evaluate.batch_size, fixed or EVALUATED, spec.evaluate.steps, held_out),
        threads(spec),
        left_to_keras(compiled, compiling=compiling.value is True),
        whole,
    )


def left_to_keras(compiled: CompileSpec, *, compiling: bool) -> bool:
    """Whether training and measuring are left to Keras' own loops; `compiling` is what was decided on XLA."""
    return compiled.steps_per_execution == 1 and not _compiled_whole(compiled, compiling=compiling)


def _compiled_whole(compiled: CompileSpec, *, compiling: bool) -> bool:
    """Whether XLA compiles the loop of steps; a spec that asks for XLA has it compile the step, as Keras does."""
    return compiled.jit_compile == "auto" and compiling


def accelerator_there() -> bool:
    """Whether the system shows an NVIDIA GPU; what the backend makes of it is known only to the backend."""
    return Path("/dev/nvidia0").exists()
