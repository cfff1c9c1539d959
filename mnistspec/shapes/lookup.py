"""Vocabularies: tokens to their indices or to rows of ones, counts and weights, and text to tokens first."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import items, whole, whole_or_none, word, written
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor
from mnistspec.shapes.encoding import check_sparse, encoded
from mnistspec.shapes.results import only

_SYNONYMS = {"binary": "multi_hot", "tf-idf": "tf_idf"}
_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf", *_SYNONYMS)


def _mode(call: Call) -> str:
    mode = word(call, "output_mode", _MODES)
    return _SYNONYMS.get(mode, mode)


def lookup(call: Call, inputs: Inputs) -> Inferred:
    """Lookups: `(batch, ...)` of integers or strings to int64 indices, or to rows as long as the vocabulary."""
    mode = _mode(call)
    _check_lookup(call, mode)
    shape = only(call, inputs).shape
    size = _vocabulary_size(call, mode, whole(call, "num_oov_indices", 0), call.argument("mask_token"))
    return _looked_up(call, mode, shape, size)


def _check_lookup(call: Call, mode: str) -> None:
    _check_size(call)
    check_sparse(call)
    if call.argument("invert") and mode != "int":
        raise ShapeError("`invert` needs `output_mode: int`", "invert")
    if call.argument("idf_weights") is not None and mode != "tf_idf":
        raise ShapeError("`idf_weights` need `output_mode: tf_idf`", "idf_weights")
    salted = call.argument("salt") is not None and call.argument("oov_method") != "farmhash"
    if call.name == "IntegerLookup" and salted:
        raise ShapeError("`salt` needs `oov_method: farmhash`", "salt")


def _check_size(call: Call) -> None:
    if call.argument("pad_to_max_tokens") and whole_or_none(call, "max_tokens", 2) is None:
        raise ShapeError("`pad_to_max_tokens` needs `max_tokens`", "pad_to_max_tokens")


def _looked_up(call: Call, mode: str, shape: Shape | None, size: int | str | None) -> Inferred:
    """Indices of the input's shape or rows of `size`, which is None where adapting decides; a file's is unknown."""
    if mode == "int":
        return _given(shape, "int64")
    depth = call.argument("max_tokens") if call.argument("pad_to_max_tokens") else size
    if shape is None or not (depth is None or isinstance(depth, int)):
        return _given(None, "float32")
    return _given(encoded(shape, mode, depth), "float32")


def _given(shape: Shape | None, dtype: str) -> Inferred:
    return Inferred((Tensor(shape, dtype),), 0, 0, None)


def _vocabulary_size(call: Call, mode: str, strangers: int, mask: Value) -> int | str | None:
    """How many indices there are: the tokens, those for unknown tokens, and one for the mask among indices.

    A vocabulary in a file gives the file's name: its size is not known here.
    Raises: ShapeError for a vocabulary that Keras refuses.
    """
    vocabulary = call.argument("vocabulary")
    if vocabulary is None or isinstance(vocabulary, str):
        return vocabulary
    listed = items(vocabulary) or ()
    masks = 1 if mask is not None and mode == "int" else 0
    special = (mask,) * masks + (_stranger(call),) * strangers
    tokens = listed[len(special) :] if listed[: len(special)] == special else listed
    _check_tokens(tokens, mask)
    if call.argument("invert") and _stranger(call) in tokens:
        raise ShapeError(f"the vocabulary holds the token for strangers {written(_stranger(call))}", "vocabulary")
    size = len(special) + len(tokens)
    limit = whole_or_none(call, "max_tokens", 2)
    if limit is not None and size > limit:
        message = f"the vocabulary and its special tokens are {size}, and `max_tokens` is {limit}"
        raise ShapeError(message, "max_tokens")
    _check_weights(call, mode, listed)
    return size


def _stranger(call: Call) -> Value:
    return "[UNK]" if call.name == "TextVectorization" else call.argument("oov_token")


def _check_tokens(tokens: Sequence[Value], mask: Value) -> None:
    if not tokens:
        raise ShapeError("the vocabulary holds no token of its own", "vocabulary")
    seen: set[Value] = set()
    for token in tokens:
        if token in seen:
            raise ShapeError(f"the vocabulary holds {written(token)} twice", "vocabulary")
        seen.add(token)
    if mask is not None and mask in seen:
        raise ShapeError(f"the vocabulary holds the mask token {written(mask)}", "vocabulary", "leave it out")


def _check_weights(call: Call, mode: str, listed: Sequence[Value]) -> None:
    if mode != "tf_idf":
        return
    weights = items(call.argument("idf_weights"))
    if weights is None or len(weights) != len(listed):
        message = f"`output_mode: tf_idf` needs a weight for each of the {len(listed)} tokens in `idf_weights`"
        raise ShapeError(message, "idf_weights")


def text_vectorization(call: Call, inputs: Inputs) -> Inferred:
    """`(batch,)` or `(batch, 1)` of text to `(batch, tokens)` int64, or to rows as long as the vocabulary."""
    mode = _mode(call)
    length = whole_or_none(call, "output_sequence_length")
    for name in ("output_sequence_length", "ragged"):
        if mode != "int" and call.argument(name):
            raise ShapeError(f"`{name}` needs `output_mode: int`", name)
    _check_size(call)
    check_sparse(call)
    if call.argument("idf_weights") is not None and mode != "tf_idf":
        raise ShapeError("`idf_weights` need `output_mode: tf_idf`", "idf_weights")
    shape = only(call, inputs).shape
    size = _vocabulary_size(call, mode, 1, "")
    if shape is not None and mode == "int":
        return _given((shape[0], length), "int64")
    return _looked_up(call, mode, None if shape is None else _split(call, shape), size)


def _split(call: Call, shape: Shape) -> Shape:
    """The shape of the tokens: an axis more when the text is split, none when every example is a token already."""
    if call.argument("split") is None:
        return shape if len(shape) > 1 else (*shape, 1)
    return (*shape, None)
