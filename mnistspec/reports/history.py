"""`history.csv`: what was measured at the end of each epoch."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from mnistspec.frozen import dataclass
from mnistspec.reports.fields import Damaged

NOT_MEASURES = frozenset({"epoch", "seconds", "learning_rate"})


@dataclass(frozen=True)
class History:
    """The columns of the file by name, one value an epoch (NaN where nothing was measured)."""

    epochs: tuple[float, ...]
    columns: Mapping[str, tuple[float, ...]]

    @property
    def measures(self) -> tuple[str, ...]:
        """The loss, then the metrics in the file's order; each may have a `val_` column beside it."""
        bases = dict.fromkeys(name.removeprefix("val_") for name in self.columns if name not in NOT_MEASURES)
        return tuple(sorted(bases, key=lambda name: name != "loss"))


def read_history(text: str) -> History:
    """Reads the file's text; a last line cut off in the middle is left out.

    Raises:
        Damaged: there is no header, or a value is no number.
    """
    try:
        header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    except csv.Error as error:
        raise Damaged(f"it is not CSV ({error})") from error
    if "epoch" not in header:
        raise Damaged("its first line does not name a column `epoch`")
    whole = [row for row in rows if len(row) == len(header)]
    columns = {name: tuple(_number(row[place]) for row in whole) for place, name in enumerate(header)}
    epochs = columns.pop("epoch")
    if not all(map(math.isfinite, epochs)):
        raise Damaged("a row has no epoch")
    return History(epochs, columns)


def _number(cell: str) -> float:
    try:
        return float(cell) if cell.strip() else math.nan
    except ValueError:
        raise Damaged(f"{cell[:40]!r} is not a number") from None
