"""How many bytes a model's activations and a step of its training take, and how many the machine has.

The estimate counts what cannot be done without: parameters, their gradients, the optimizer's own variables, every
layer's output kept for the backward pass, and the data. What a backend adds or saves on top is not known here.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.datasets import STREAMING
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.memory import available_bytes
from mnistspec.diagnostics import BadData, UsageError
from mnistspec.frozen import dataclass
from mnistspec.graph import GraphNode
from mnistspec.shapes.arguments import flag
from mnistspec.shapes.base import Shape, Tensor
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

_SIZES = {
    "bool": 1, "uint8": 1, "int8": 1, "float8_e4m3fn": 1, "float8_e5m2": 1,
    "uint16": 2, "int16": 2, "float16": 2, "bfloat16": 2,
    "uint32": 4, "int32": 4, "float32": 4,
    "uint64": 8, "int64": 8, "float64": 8,
}  # fmt: skip

# How many numbers an optimizer keeps for each trained one.
SLOTS = {
    "Adadelta": 2, "Adafactor": 1, "Adagrad": 1, "Adam": 2, "AdamW": 2, "Adamax": 2, "Ftrl": 2, "Lamb": 2, "Lion": 1,
    "Muon": 1, "Nadam": 2, "RMSprop": 1, "SGD": 0, "ScheduleFreeAdamW": 2,
}  # fmt: skip


# Examples are in memory twice, as they are read and as the backend's own; training takes its part as well.
SHARE = 3

# Beyond it a number of bytes is only said to be more.
_MOST = 2**80


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes that a training takes: the weights with gradients and the optimizer's, a batch's activations, the data."""

    weights: int
    activations: int
    data: int

    @property
    def total(self) -> int:
        return self.weights + self.activations + self.data


def tensor_bytes(tensors: Iterable[Tensor]) -> int | None:
    """Bytes of the tensors for one example; None where a size or a dtype is not known."""
    sizes = [_bytes(tensor.shape[1:] if tensor.shape is not None else None, tensor.dtype) for tensor in tensors]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def activation_bytes(typed: TypedGraph) -> int | None:
    """Bytes of all that the layers and inputs give for one example; None where one layer's is not known."""
    return tensor_bytes([*typed.inputs.values(), *_given(typed)])


def node_bytes(typed: TypedGraph, name: str) -> int | None:
    """Bytes of what a node gives for one example, in a nested model of all that its layers give."""
    return tensor_bytes(_given_by(typed, name))


def _kept_bytes(typed: TypedGraph) -> int | None:
    """Bytes of what an example's backward pass comes back to: of a frozen application only what it gives in the end."""
    kept = list(typed.inputs.values())
    for node in typed.used:
        whole = not _holds_layers(typed, node) or _is_frozen_application(node.call)
        kept += typed.inferred[node.name].outputs if whole else _given_by(typed, node.name)
    return tensor_bytes(kept)


def _holds_layers(typed: TypedGraph, node: GraphNode) -> bool:
    """Whether there may be more to a node than one layer."""
    call = node.call
    return node.name in typed.nested or (call is not None and (call.facts.is_application or "layer" in call.arguments))


def _is_frozen_application(call: Call | None) -> bool:
    return call is not None and call.facts.is_application and not flag(call, "trainable")


def _given(typed: TypedGraph) -> Iterator[Tensor]:
    for node in typed.used:
        yield from _given_by(typed, node.name)


def _given_by(typed: TypedGraph, name: str) -> Iterator[Tensor]:
    node = typed.graph.node(name) if name in typed.graph else None
    around = wrapped(node.call) if node is not None and node.call is not None else ()
    if name in typed.nested:
        steps = typed.steps(node) if node is not None else ()
        yield from (_at_all_steps(tensor, steps) for tensor in _given(typed.nested[name]))
    inferred, application = typed.inferred[name], bool(around) and around[-1].facts.is_application
    if application:
        yield Tensor(None if inferred.inner is None else (None, inferred.inner), inferred.outputs[0].dtype)
    if (name not in typed.nested and not application) or len(around) > 1:
        yield from inferred.outputs


def _at_all_steps(tensor: Tensor, steps: Shape) -> Tensor:
    """What a layer inside gives at one step, for all of them."""
    return tensor if tensor.shape is None else replace(tensor, shape=(tensor.shape[:1] + steps + tensor.shape[1:]))


def training_memory(typed: TypedGraph, spec: Spec) -> TrainingMemory | None:
    """What a training takes; None where the spec has none, or too little is known of it.

    Weights: `(parameters + trainable * (1 + slots)) * bytes of one`; activations: those of an example times the batch;
    data: the examples of every split, as far as their number is known, inputs that can wait as they are stored, and
    inputs that stay on the disk not at all.
    """
    if spec.compile is None or spec.fit is None or spec.fit.hidden & {"batch_size"} or spec.compile.hidden:
        return None
    of_one, trainable, fixed = _kept_bytes(typed), typed.trainable, typed.non_trainable
    if of_one is None or trainable is None or fixed is None:
        return None
    numbers = trainable * (2 + optimizer_slots(spec.compile.optimizer)) + fixed
    weights = numbers * _SIZES.get(_variable_dtype(spec.compile.precision), 4)
    return TrainingMemory(weights, of_one * spec.fit.batch_size, _held_bytes(typed.graph.facts, spec))


def optimizer_slots(optimizer: Call) -> int:
    """How many numbers the optimizer keeps for each trained one."""
    inner = optimizer.argument("inner_optimizer")
    if isinstance(inner, Call):
        return optimizer_slots(inner)
    momentum = optimizer.name in ("SGD", "RMSprop") and bool(optimizer.argument("momentum"))
    more = ("centered", "amsgrad", "use_ema", "gradient_accumulation_steps")
    return SLOTS.get(optimizer.name, 2) + momentum + sum(bool(optimizer.argument(name)) for name in more)


def machine_memory() -> int | None:
    """Bytes of memory that the machine has; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def show_bytes(count: int | None) -> str:
    """A number of bytes in the unit that suits it: `1.5 MiB`; `?` where it is not known."""
    if count is None:
        return "?"
    if count < 1024:
        return f"{count} B"
    # In integers: a mistaken size can give a number that no float holds.
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    power = min((count.bit_length() - 1) // 10, len(units) - 1)
    unit = 1024**power
    whole, tenths = divmod((min(count, _MOST) * 10 + unit // 2) // unit, 10)
    return f"{'over ' * (count > _MOST)}{whole:,}.{tenths} {units[power]}"


def _variable_dtype(policy: str) -> str:
    """The dtype of a policy's variables: a mixed one keeps them in full."""
    return "float32" if policy.startswith("mixed_") else policy


def _bytes(shape: tuple[int | None, ...] | None, dtype: str | None) -> int | None:
    if shape is None or dtype not in _SIZES or None in shape:
        return None
    return math.prod(shape) * _SIZES[dtype]  # type: ignore[arg-type]  # no size is None here


def _may_be_stored(spec: Spec) -> bool:
    return spec.backend == "tensorflow" and spec.data is not None and spec.data.hold != "prepared"


def require_room_for(facts: DataFacts | None, spec: Spec, hold: str) -> None:
    """Raises: BadData for examples known to be more than the memory holds, before any is read. `hold` is as decided."""
    needed, free = data_bytes(facts, stored=hold == "stored"), available_bytes()
    if hold == "streamed" or needed <= free or spec.data is None:
        return
    streaming = spec.data.source.name in STREAMING
    way = "`data.hold: streamed` leaves them on the disk" if streaming else "`data.limit` takes fewer of them"
    raise BadData(
        f"the examples of `{spec.data.source.name}` take about {show_bytes(needed)} of memory, and {show_bytes(free)} "
        f"are free; {way}"
    )


def require_room_for_weights(typed: TypedGraph, spec: Spec) -> None:
    """Raises: UsageError for a model whose weights alone are more than the machine's memory, before Keras draws any."""
    there, of_nodes = machine_memory(), {node.name: _weight_bytes(typed, node, spec) for node in typed.used}
    needed = sum(of_nodes.values())
    if there is None or needed <= there:
        return
    largest = max(of_nodes, key=lambda name: of_nodes[name])
    raise UsageError(
        f"the model cannot be built on this machine: its weights take {show_bytes(needed)}, `{largest}` alone "
        f"{show_bytes(of_nodes[largest])}, and there are {show_bytes(there)} of memory"
    )


def _weight_bytes(typed: TypedGraph, node: GraphNode, spec: Spec) -> int:
    """Bytes that a node's weights take at least: those that are known of, whole bytes where they are quantized."""
    found = typed.inferred[node.name]
    stated = node.call.argument("dtype") if node.call is not None else None
    policy = stated or (spec.compile.precision if spec.compile is not None else "float32")
    numbers = (found.trainable or 0) + (found.non_trainable or 0)
    return numbers * (_SIZES.get(_variable_dtype(policy), 1) if isinstance(policy, str) else 1)


def streams_by_itself(spec: Spec, needed: int) -> bool:
    """Whether data that take `needed` bytes in memory are left on the disk where the spec does not say."""
    assert spec.data is not None
    return spec.data.source.name in STREAMING and needed > available_bytes() // SHARE


def _held_bytes(facts: DataFacts | None, spec: Spec) -> int:
    needed = data_bytes(facts, stored=_may_be_stored(spec))
    hold = spec.data.hold if spec.data is not None else "prepared"
    if facts is not None and (hold == "streamed" or (hold == "auto" and streams_by_itself(spec, needed))):
        return data_bytes(replace(facts, x={}), stored=False)
    return needed


def data_bytes(facts: DataFacts | None, *, stored: bool) -> int:
    """Bytes of the examples of every split, as far as their number is known; `stored` as far as they can wait."""
    if facts is None:
        return 0
    count = sum(size or 0 for size in (facts.train, facts.validation, facts.test))
    dtypes = {name: held.array.dtype for name, held in facts.waiting.items()} if stored else {}
    inputs = (replace(one, dtype=dtypes[name]) if name in dtypes else one for name, one in facts.x.items())
    return count * sum(_array_bytes(array) for array in (*inputs, *facts.y.values()))


def _array_bytes(array: ArrayFacts) -> int:
    return _bytes(array.shape, array.dtype) or 0
