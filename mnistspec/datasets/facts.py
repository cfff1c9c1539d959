"""What is known of data before it is loaded: shapes, dtypes, ranges and classes. Needs neither NumPy nor Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from mnistspec.frozen import dataclass
from mnistspec.spec import Step


@dataclass(frozen=True)
class ArrayFacts:
    """One array of examples: the shape of one example (None: a size, or all of it, unknown), dtype, range, classes.

    `minimum` and `maximum` are bounds: no training value lies outside. `classes` counts the labels of an array of
    class ids, or the columns of a one-hot one (`one_hot` says which). `ragged` says that the examples differ in length,
    so that they must be padded before a model can take them. Text has the dtype `string`.
    """

    shape: tuple[int | None, ...] | None
    dtype: str | None
    minimum: float | None = None
    maximum: float | None = None
    classes: int | None = None
    one_hot: bool = False
    ragged: bool = False

    @property
    def largest_id(self) -> int | None:
        """The largest of the ids of categories or words, which sources give as `int32`; None where it is not known."""
        return int(self.maximum) if self.dtype == "int32" and self.minimum == 0 and self.maximum is not None else None


@dataclass(frozen=True)
class Waiting:
    """An input as it is stored, with the steps that are still to come."""

    array: ArrayFacts
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class DataFacts:
    """The arrays of a source by name (`x` and `y` where it has only one), and the number of examples in its splits.

    `held_out` is the fraction of the training examples that becomes the test split of a source without one of its own
    (`train` counts them still). `y_is_x` says that what is learnt is the input itself, as for an autoencoder.
    `waiting` are the inputs that can be prepared batch by batch, as they are stored.
    """

    x: Mapping[str, ArrayFacts]
    y: Mapping[str, ArrayFacts]
    train: int | None = None
    validation: int | None = None
    test: int | None = None
    class_names: tuple[str, ...] | None = None
    held_out: float = 0.0
    y_is_x: bool = False
    waiting: Mapping[str, Waiting] = field(default_factory=dict)

    def with_arrays(self, x: Mapping[str, ArrayFacts], y: Mapping[str, ArrayFacts]) -> DataFacts:
        return replace(self, x=x, y=y)


UNKNOWN = ArrayFacts(None, None)
NOTHING_KNOWN = DataFacts({"x": UNKNOWN}, {"y": UNKNOWN})


def show_names(names: Mapping[str, object]) -> str:
    """Array names as messages list them: "`left`, `right`"."""
    return ", ".join(f"`{name}`" for name in names) or "none"
