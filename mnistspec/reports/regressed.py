"""How good an output is that predicts numbers: its errors and how they lie."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from mnistspec.frozen import dataclass
from mnistspec.reports.predictions import Array

SEED = 0  # of the draw of points: the same folder always gives the same report


@dataclass(frozen=True, eq=False)
class Regressed:
    """Predictions of numbers: two arrays (values,) of finite numbers; `left_out` counts values that are not.

    `rows` (values,) says which rows of the predictions they belong to, `per_example` how many each row has.
    """

    true: Array
    predicted: Array
    rows: Array
    left_out: int = 0
    per_example: int = 1

    @property
    def total(self) -> int:
        return len(self.true)

    @cached_property
    def residuals(self) -> Array:
        """Predicted less true, (values,)."""
        return np.asarray(self.predicted - self.true)

    @property
    def mean_absolute_error(self) -> float:
        return float(np.abs(self.residuals).mean())

    @property
    def root_mean_squared_error(self) -> float:
        return float(np.sqrt(np.square(self.residuals).mean()))

    @property
    def bias(self) -> float:
        """The mean residual: above 0 where predictions are too large."""
        return float(self.residuals.mean())

    @property
    def explained(self) -> float:
        """R squared: 1 - squared residuals / squared distances from the mean; NaN where all true values are equal."""
        spread = float(np.square(self.true - self.true.mean()).sum())
        return 1.0 - float(np.square(self.residuals).sum()) / spread if spread else float("nan")

    def worst(self, limit: int) -> Array:
        """Places (limit,) of the largest errors, largest first."""
        return np.argsort(-np.abs(self.residuals), kind="stable")[:limit]

    def points(self, limit: int) -> tuple[Array, Array]:
        """At most `limit` pairs of true and predicted values, drawn evenly."""
        if self.total <= limit:
            return self.true, self.predicted
        chosen = np.sort(np.random.default_rng(SEED).choice(self.total, limit, replace=False))
        return self.true[chosen], self.predicted[chosen]

    def histogram(self, bins: int) -> tuple[Array, Array]:
        """Counts (bins,) and edges (bins + 1,) of the residuals; the outermost 0.5 % go to the outermost bins."""
        low, high = np.quantile(self.residuals, [0.005, 0.995])
        # Bins of large numbers that lie close together would have no two edges that differ.
        least = 8 * bins * np.spacing(max(abs(low), abs(high)))
        if high - low <= least:
            low, high = low - max(0.5, least), high + max(0.5, least)
        counts, edges = np.histogram(np.clip(self.residuals, low, high), bins=bins, range=(low, high))
        return counts, edges
