"""Which dtype a layer computes in and gives, and what Keras casts its input to."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.calls import Call, Value
from mnistspec.shapes.base import Tensor

FLOATS = frozenset({"bfloat16", "float16", "float32", "float64"})
# The names of dtype policies and dtypes that stand for another dtype to compute in.
_COMPUTED_IN = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16", "int": "int64"}
# Layers whose dtype, when not given, follows from their other arguments and not from the policy.
_OWN_DTYPE = frozenset({"Hashing", "IntegerLookup", "StringLookup", "TextVectorization"})


def compute_dtype(call: Call) -> str | None:
    """The dtype a layer computes in under the default policy; None where `dtype` is not a plain name."""
    policy = call.argument("dtype")
    if policy is None:
        return "float32"
    if not isinstance(policy, str):
        return None
    plain = policy.partition("_from_")[2] or policy
    return _COMPUTED_IN.get(plain, plain)


def quantization(call: Call) -> str | None:
    """What `dtype` quantizes to, `int8` for `int8_from_float32`; None where it names no quantized policy."""
    policy = call.argument("dtype")
    return policy.partition("_from_")[0] if isinstance(policy, str) and "_from_" in policy else None


def cast_input(call: Call, tensor: Tensor) -> Tensor:
    """The tensor as the layer sees it: Keras casts floats to the compute dtype and leaves the rest alone."""
    if call.argument("autocast") is False:
        return tensor
    if tensor.dtype in FLOATS and compute_dtype(call) is not None:
        return replace(tensor, dtype=compute_dtype(call))
    return tensor


def with_policy(call: Call, policy: str) -> Call:
    """The call, and the layers inside its arguments, with the dtype policy where they name no dtype themselves."""
    if policy == "float32":
        return call
    arguments = {name: _value_with_policy(value, policy) for name, value in call.arguments.items()}
    if not _has_own_dtype(call) and arguments.get("dtype") is None:
        arguments["dtype"] = policy
    return replace(call, arguments=arguments)


def _has_own_dtype(call: Call) -> bool:
    indices = call.name == "HashedCrossing" and call.argument("output_mode") == "int"
    return indices or call.name in _OWN_DTYPE


def _value_with_policy(value: Value, policy: str) -> Value:
    if isinstance(value, Call) and value.facts.namespace == "layers":
        return with_policy(value, policy)
    if isinstance(value, tuple):
        return tuple(_value_with_policy(item, policy) for item in value)
    return value
