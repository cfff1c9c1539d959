"""How many steps run in one go: as many as save the loop's own time, few enough that progress can still be seen."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.decisions.decision import GIVEN, Count
from mnistspec.spec import CompileSpec, FitSpec

# A forward and a backward pass cost about three forward passes; a slow core does about this many operations a second.
_PASSES = 3
_OPERATIONS_A_SECOND = 2e10
# How long a go of steps may take (seconds), so that progress is seen and Ctrl-C heard; how many steps it has at most.
_SECONDS_A_GO = 0.25
_MOST_STEPS = 256
# Arguments that say at which steps a callback acts, and what they are where it does not.
_STEP_ARGUMENTS = ("save_freq", "update_freq", "profile_batch")
_BETWEEN_EPOCHS = ("epoch", 0)


def steps_per_execution(
    compiled: CompileSpec, fit: FitSpec, backend: str, steps: int | None, flops: int | None
) -> Count:
    """How many steps run in one go. The numbers are the same whatever it is; callbacks see the last step of each."""
    if isinstance(compiled.steps_per_execution, int):
        return Count(compiled.steps_per_execution, GIVEN)
    if backend == "torch":
        return Count(1, "Keras runs the steps of PyTorch one at a time")
    acting = next((call.name for call in fit.callbacks if needs_every_step(call)), None)
    if acting is not None:
        return Count(1, f"`{acting}` acts between steps")
    limits = {
        f"no more than {_MOST_STEPS} at a time": _MOST_STEPS,
        f"a go should end within {_SECONDS_A_GO} s on a slow core": _affordable(fit.batch_size, flops),
    }
    if steps is not None:
        limits[f"an epoch has {steps:,}"] = steps
    if isinstance(fit.checkpoint, int):
        limits["the state is saved that often"] = fit.checkpoint
    reason = min(limits, key=lambda name: limits[name])
    chosen = max(1, limits[reason])
    if fit.steps_per_epoch is None:
        return Count(chosen, reason)
    # An epoch of a set number of steps may be drawn from an endless stream, so that the goes must fill it exactly.
    filling = max(count for count in range(1, chosen + 1) if fit.steps_per_epoch % count == 0)
    return Count(filling, reason if filling == chosen else "goes of that many fill `steps_per_epoch`")


def _affordable(batch_size: int, flops: int | None) -> int:
    """How many steps a slow core does in a go's time; few where a step's work is not known."""
    seconds = (flops or 0) * _PASSES * batch_size / _OPERATIONS_A_SECOND
    if seconds > 0:
        return int(_SECONDS_A_GO / seconds)
    return _MOST_STEPS if flops == 0 else 8


def needs_every_step(call: Call) -> bool:
    """Whether a callback acts between steps, so that steps cannot be run several at a time."""
    return any(call.argument(name) not in _BETWEEN_EPOCHS for name in _STEP_ARGUMENTS if name in call.facts.arguments)
