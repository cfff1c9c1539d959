"""`history.csv`: what was measured in each epoch of the training."""

from __future__ import annotations

import csv
import io

from mnistspec.training.fit import History


def training_metrics(history: History) -> dict[str, float] | None:
    """What training measured in the epoch whose weights were kept, dropout and the like at work."""
    if not history.rows:
        return None
    row = history.rows[min(history.kept, len(history.rows)) - 1]
    skip = ("epoch", "seconds", "learning_rate")
    return {name: value for name, value in row.items() if name not in skip and not name.startswith("val_")}


def history_text(history: History) -> str:
    """`history.csv`: a row an epoch; a column that an epoch did not measure is empty there."""
    columns = list(dict.fromkeys(name for row in history.rows for name in row)) or ["epoch", "seconds"]
    buffer = io.StringIO()
    table = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(history.rows)
    return buffer.getvalue()
