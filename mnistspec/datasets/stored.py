"""Arrays as the source has them with the steps that are still to come: a part is prepared when it is taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.step_arrays import apply


@dataclass(frozen=True, eq=False)
class Stored:
    """Examples (examples, ...) as they are stored, and the fitted steps that prepare them, none of which can fail."""

    raw: Array
    steps: tuple[FittedStep, ...]

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, rows: slice) -> Stored:
        """Some of the examples, still to be prepared."""
        return Stored(self.raw[rows], self.steps)

    def whole(self) -> Array:
        """All of the examples, prepared."""
        array = self.raw
        for step in self.steps:
            array = apply(step, array)
        return array


def whole(held: Array | Stored) -> Array:
    """The examples prepared, whatever form they are held in."""
    return held.whole() if isinstance(held, Stored) else held


def extremes(held: Stored) -> tuple[float, float]:
    """The smallest and the largest value that the examples have once they are prepared."""
    # At each place of an example the steps only stretch and move, so that the ends stay the ends.
    ends = Stored(np.stack([held.raw.min(axis=0), held.raw.max(axis=0)]), held.steps).whole()
    return float(ends.min()), float(ends.max())
