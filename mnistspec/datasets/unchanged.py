"""Whether data that were read still have the form that the check saw, and that the model is made for."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.diagnostics import BadData

_Shape = tuple[int | None, ...] | None


def require_as_checked(checked: DataFacts | None, found: DataFacts) -> None:
    """Raises: BadData where a file was replaced by one of another form between the check and the reading."""
    for before, now in ((checked.x, found.x), (checked.y, found.y)) if checked is not None else ():
        for name, array in before.items():
            told = _difference(array, now.get(name))
            if told is not None:
                raise BadData(f"the data were changed while the run began: `{name}` {told}; run the spec again.")


def _difference(before: ArrayFacts, now: ArrayFacts | None) -> str | None:
    if now is None:
        return "was there, and is not any more"
    if not _agree(before.shape, now.shape):
        return f"had examples of shape {before.shape}, and has {now.shape}"
    pairs: Mapping[str, tuple[object, object]] = {
        "had values of dtype {}, and has {}": (before.dtype, now.dtype),
        "had {} classes, and has {}": (before.classes, now.classes),
    }
    differing = (text.format(*pair) for text, pair in pairs.items() if None not in pair and pair[0] != pair[1])
    return next(differing, None)


def _agree(before: _Shape, now: _Shape) -> bool:
    """Whether two shapes can be the same: None is a size, or all sizes, that nobody knows."""
    if before is None or now is None:
        return True
    return len(before) == len(now) and all(None in pair or pair[0] == pair[1] for pair in zip(before, now, strict=True))
