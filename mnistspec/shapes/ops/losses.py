"""Losses and scores as functions: targets and predictions to a number an example."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, show
from mnistspec.shapes.ops.given import Known, array, check_least_rank, one_axis, outputs
from mnistspec.shapes.ops.operands import given, promoted, worked


def _pair(call: Call, inputs: Inputs) -> tuple[Known, Known]:
    return array(call, inputs, "target"), array(call, inputs, "output")


def _alike(call: Call, inputs: Inputs) -> Known:
    """The predictions. Raises: ShapeError unless the targets are of the same shape, open sizes too."""
    target, output = _pair(call, inputs)
    if target.shape != output.shape:
        message = f"{call.name} needs `target` and `output` of one shape"
        raise ShapeError(f"{message}, and is given {show(target.shape)} and {show(output.shape)}")
    return output


def binary_crossentropy(call: Call, inputs: Inputs) -> Inferred:
    """A number an element."""
    output = _alike(call, inputs)
    return worked(output.shape, output.dtype, 5)


def categorical_crossentropy(call: Call, inputs: Inputs) -> Inferred:
    """A number for each row of probabilities. Keras takes the last axis away, whatever `axis` says."""
    output = _alike(call, inputs)
    check_least_rank(call, output.shape, 1)
    return given(output.shape[:-1], output.dtype, None)


def sparse_categorical_crossentropy(call: Call, inputs: Inputs) -> Inferred:
    """A number for each class id and its row of probabilities."""
    target, output = _pair(call, inputs)
    check_least_rank(call, output.shape, 1)
    axis = one_axis(call, output.shape)
    left = (*output.shape[:axis], *output.shape[axis + 1 :])
    ids = target.shape[:-1] if target.rank == output.rank and target.shape[-1] == 1 else target.shape
    if ids != left:
        message = f"{call.name} needs a class id for each row of `output`"
        raise ShapeError(f"{message}, and is given {show(target.shape)} for {show(output.shape)}")
    return given(left, output.dtype, None)


def ctc_loss(call: Call, inputs: Inputs) -> Inferred:
    """A number for each text and what is heard of it."""
    tensors = [array(call, inputs, name) for name in ("target", "output", "target_length", "output_length")]
    for tensor in tensors:
        check_least_rank(call, tensor.shape, 1)
    batches = {tensor.shape[0] for tensor in tensors}
    if len(batches) > 1:
        raise ShapeError(f"{call.name} needs tensors of one batch: {', '.join(show(one.shape) for one in tensors)}")
    return given(tensors[0].shape[:1], promoted([tensors[1].dtype, "float32"], call), None)


def ctc_decode(call: Call, inputs: Inputs) -> Inferred:
    """The likeliest texts, and how likely each is."""
    x = array(call, inputs, "inputs")
    check_least_rank(call, x.shape, 2)
    paths = call.argument("top_paths") if call.argument("strategy") == "beam_search" else 1
    count = paths if isinstance(paths, int) else 1
    scores = promoted([x.dtype, "float32"], call)
    return outputs(((count, x.shape[0], x.shape[1]), "int32"), ((x.shape[0], count), scores))


def psnr(call: Call, inputs: Inputs) -> Inferred:
    """How near two signals are: one number for all."""
    one, other = array(call, inputs, "x1"), array(call, inputs, "x2")
    if one.rank != other.rank:
        raise ShapeError(
            f"{call.name} needs as many axes in both, and is given {show(one.shape)} and {show(other.shape)}"
        )
    return given((), "float32", None)


def in_top_k(call: Call, inputs: Inputs) -> Inferred:
    """Whether each target is among the largest predictions."""
    return given(array(call, inputs, "targets").shape, "bool", None)
