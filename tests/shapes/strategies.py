"""Strategies that draw arguments by kind and input shapes by rank: small sizes, now and then wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

from mnistspec.calls import Call
from mnistspec.catalogue import Argument, load
from mnistspec.catalogue.kinds import Boolean, DType, Either, Index, Kind, Listing, Number, Object, Text, Word
from mnistspec.shapes.base import Inputs, Shape, Size, Tensor

from .calls import call

Values: TypeAlias = st.SearchStrategy[Any]
Draw: TypeAlias = Callable[[Values], Any]

# Arguments that have no say in shapes. STFTSpectrogram's window needs SciPy unless it is null.
_BESIDE_THE_POINT = frozenset({
    "activity_regularizer", "autocast", "bounding_box_format", "encoding", "idf_weights", "implementation", "name",
    "quantization_config", "renorm_clipping", "seed", "weights",
})  # fmt: skip
_OBJECTS: dict[str, Sequence[Any]] = {"activations": ("relu", "linear")}
_DTYPES = ("float32", "float64", "float16", "mixed_bfloat16")
_SKIPPED = object()


def of_kind(kind: Kind) -> Values:
    """Values of a kind, small enough for shapes to fit now and then; null for what no data can say."""
    match kind:
        case Boolean():
            return st.booleans()
        case Number():
            return _numbers(kind)
        case Word():
            return st.just(kind.value)
        case Text():
            return st.sampled_from(("a", "b"))
        case DType():
            return st.sampled_from(_DTYPES)
        case Index():
            return st.sampled_from((0, -1, ":", "1:", ":-1", "::2", "...", "newaxis"))
        case Listing():
            longest = kind.minimum + 3 if kind.maximum is None else min(kind.maximum, 4)
            return st.lists(of_kind(kind.item), min_size=kind.minimum, max_size=longest).map(tuple)
        case Object():
            return st.sampled_from(_OBJECTS.get(kind.namespace, (None,)))
        case Either():
            return st.one_of([of_kind(option) for option in kind.options])
        case _:
            return st.none()


def _numbers(kind: Number) -> Values:
    low = -3 if kind.minimum is None else kind.minimum
    high = low + 5 if kind.maximum is None else kind.maximum
    if kind.integer:
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=kind.open_minimum, exclude_max=kind.open_maximum)


def arguments_of(name: str, given: Mapping[str, Values]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a class: those required, and some of the others. `given` replaces strategies that its kinds give."""
    known = load()["layers"].classes[name].arguments
    chosen = {
        argument.name: given[argument.name] if argument.name in given else of_kind(argument.kind)
        for argument in known.values()
        if argument.name in given or _matters(argument)
    }
    always = {key for key in chosen if known[key].required or key == "window"}
    required = {key: chosen[key] for key in chosen if key in always}
    optional = {key: st.just(_SKIPPED) | chosen[key] for key in chosen if key not in always}
    return st.fixed_dictionaries(required, optional=optional).map(_without_skipped)


def _matters(argument: Argument) -> bool:
    made_of = argument.name.rsplit("_", 1)[-1]
    return argument.name not in _BESIDE_THE_POINT and made_of not in ("initializer", "regularizer", "constraint")


def _without_skipped(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not _SKIPPED}


def layers(name: str, given: Mapping[str, Values] | None = None) -> st.SearchStrategy[Call]:
    """Calls of a class. `given` may hold strategies for arguments that the class does not have: they are left out."""
    known = load()["layers"].classes[name].arguments
    kept = {key: strategy for key, strategy in (given or {}).items() if key in known}
    return arguments_of(name, kept).map(lambda arguments: call(name, **arguments))


def mostly(usual: Any, others: Values) -> Values:
    """The usual value two times in three."""
    return st.just(usual) | st.just(usual) | others


def sizes(low: int = 1, high: int = 9) -> st.SearchStrategy[Size]:
    """A size, open one time in eight."""
    return st.integers(0, 7).flatmap(lambda chance: st.integers(low, high) if chance else st.none())


def batches() -> st.SearchStrategy[Size]:
    return st.sampled_from((None, None, None, 2))


@st.composite
def shapes(draw: Draw, rank: int, high: int = 9, exact: bool = False) -> Shape:
    """A shape of `rank` axes, the batch included; one time in ten another number of axes, unless `exact`."""
    off = 0 if exact else draw(st.sampled_from((0,) * 18 + (1, -1)))
    return (draw(batches()), *(draw(sizes(1, high)) for _ in range(max(0, rank - 1 + off))))


def one(rank: int, high: int = 9, exact: bool = False) -> st.SearchStrategy[Inputs]:
    """One tensor of floats, or now and then of another dtype."""
    dtypes = st.sampled_from(("float32",) * 6 + ("int32", "float64", "bool"))
    return st.builds(lambda shape, dtype: Inputs((Tensor(shape, dtype),)), shapes(rank, high, exact), dtypes)


def of_rank(low: int, high: int) -> st.SearchStrategy[Inputs]:
    """One tensor of `low` to `high` axes."""
    return st.integers(low, high).flatmap(lambda rank: one(rank, 6))


@st.composite
def related(draw: Draw, fewest: int, most: int, alike: int = 12) -> Inputs:
    """A list of tensors of nearly one shape: one size in about `alike` becomes 1, another or open."""
    base = draw(shapes(draw(st.integers(2, 4)), 5))
    changes = st.sampled_from(("same",) * alike + ("one", "other", "open"))
    made = []
    for _ in range(draw(st.integers(fewest, most))):
        inner = tuple(_changed(size, draw(changes)) for size in base[1:])
        made.append(Tensor((draw(batches()), *inner[draw(st.sampled_from((0,) * 9 + (1,))) :])))
    return Inputs(tuple(made), single=False)


def _changed(size: Size, how: str) -> Size:
    return {"same": size, "one": 1, "other": 7, "open": None}[how]
