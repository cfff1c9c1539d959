"""Class ids in loaded data: what an output has no class for is an error, a NaN or nothing, as the backend likes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mnistspec.calls import Call
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.stored import Stored, parts
from mnistspec.diagnostics import BadData
from mnistspec.graph import by_each
from mnistspec.lints.loss_mismatch import SPARSE
from mnistspec.plan import Plan

if TYPE_CHECKING:
    import keras


def require_classes_of(plan: Plan, model: keras.Model, targets: Mapping[str, Mapping[str, Array | Stored]]) -> None:
    """Raises: BadData for ids beyond the classes of an output of the model. `targets` as for `require_classes`."""
    names = plan.output_names
    sizes = {name: output.shape[-1] for name, output in zip(names, model.outputs, strict=True) if output.shape}
    losses = by_each(plan.compile.loss, names) if plan.compile is not None else {}
    require_classes({name: losses[name] for name in sizes if name in losses}, sizes, targets)


def require_classes(
    losses: Mapping[str, tuple[Call, ...]],
    sizes: Mapping[str, int | None],
    targets: Mapping[str, Mapping[str, Array | Stored]],
) -> None:
    """Raises: BadData for ids beyond an output's classes.

    All are by the outputs' names: the losses, the sizes of the last axes, and in each split what is learnt.
    """
    for name, (loss, *_) in ((name, several) for name, several in losses.items() if several):
        size = sizes[name]
        if loss.name == SPARSE and size is not None and loss.argument("axis") == -1:
            for split, held in targets.items():
                _require(name, size, loss.argument("ignore_class"), split, held[name])


def _require(name: str, size: int, ignored: object, split: str, held: Array | Stored) -> None:
    for value in _ends(held, ignored):
        if not 0 <= value < size:
            out = "class ids count from 0" if value < 0 else f"give the output {int(value) + 1} values"
            raise BadData(
                f"`{name}` gives {size} values, for the classes 0 to {size - 1}, and is to learn the class {int(value)}"
                f" in the {split} split; {out}."
            )


def _ends(held: Array | Stored, ignored: object) -> Iterator[float]:
    """The smallest and the largest of the ids that count, of some examples after the others."""
    for part in parts(held):
        ids = part if ignored is None else part[part != ignored]
        if ids.size and np.issubdtype(ids.dtype, np.number):
            yield from (float(ids.min()), float(ids.max()))
