"""How many steps run in one go: as many as save the loop's own time, few enough that progress can still be seen."""

from __future__ import annotations

from mnistspec.spec import FitSpec
from mnistspec.training.callbacks import needs_every_step

MOST_STEPS = 256
# A forward and a backward pass cost about three forward passes; a slow core does about this many operations a second.
_PASSES = 3
_OPERATIONS_A_SECOND = 2e10
_SECONDS_A_GO = 0.25


def steps_per_execution(wanted: int | str, fit: FitSpec, steps: int, flops: int | None) -> int:
    """Steps to run at a time. The numbers are the same whatever it is; callbacks see the last step of each go.

    `steps` are those of an epoch, `flops` the operations of one forward pass of one example (None: unknown).
    """
    if isinstance(wanted, int):
        return wanted
    if needs_every_step(fit.callbacks):
        return 1
    seconds = (flops or 0) * _PASSES * fit.batch_size / _OPERATIONS_A_SECOND
    affordable = int(_SECONDS_A_GO / seconds) if seconds > 0 else (MOST_STEPS if flops == 0 else 8)
    checkpoint = fit.checkpoint if isinstance(fit.checkpoint, int) else steps
    most = max(1, min(MOST_STEPS, affordable, steps, checkpoint))
    if fit.steps_per_epoch is None:
        return most
    # An epoch of a set number of steps is drawn from an endless stream, so that the goes must fill it exactly.
    return max(count for count in range(1, most + 1) if fit.steps_per_epoch % count == 0)
