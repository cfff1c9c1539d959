"""The table of kinds: no entry idle, none doubled, and every value that a kind offers taken by Keras."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from mnistspec.catalogue.argument_kinds import BY_CLASS, EVERYWHERE, INSISTS, insistence, kind_notation
from mnistspec.catalogue.kinds import (
    Boolean,
    Code,
    DType,
    Either,
    Kind,
    Listing,
    Null,
    Number,
    Object,
    Table,
    Text,
    Word,
)

from .bench import Bench, facts_of, places

PLACES = places()
ARGUMENTS = [f"{place}.{name}" for place in PLACES for name in facts_of(place).arguments]

# Arguments whose values depend on other arguments, on files or on one another, beyond what a kind can say.
ENTANGLED = [
    "layers.Bidirectional.*layer",  # only recurrent layers go both ways
    "layers.*Transpose.output_padding",  # less than the strides
    "layers.Conv?D.groups",  # divides the filters
    "layers.Discretization.bin_boundaries",  # one of the two
    "layers.Discretization.num_bins",
    "layers.GroupQueryAttention.num_*heads",  # one divides the other
    "layers.*.sparse",  # not with integers out
    "layers.Hashing.dtype",  # an integer dtype while it gives integers
    "layers.*.vocabulary",  # each term once, or a file
    "layers.*.idf_weights",  # with tf_idf alone
    "layers.*.pad_to_max_tokens",  # with max_tokens
    "layers.IntegerLookup.salt",  # with farmhash alone
    "layers.Normalization.mean",  # both or neither
    "layers.Normalization.variance",
    "layers.Permute.dims",  # a permutation
    "layers.Reshape.target_shape",  # one -1 at most
    "layers.RandomGaussianBlur.kernel_size",  # odd
    "layers.STFTSpectrogram.f*",  # frame_step <= frame_length <= fft_length
    "*.window",  # a name that SciPy knows
    "schedules.PiecewiseConstantDecay.*s",  # one value more than boundaries
    "metrics.AUC.num_labels",  # with multi_label alone
    "metrics.*.target_class_ids",  # under num_classes
    "callbacks.ModelCheckpoint.filepath",  # an ending that goes with save_weights_only
    "callbacks.ModelCheckpoint.save_weights_only",
    "callbacks.TensorBoard.profile_batch",  # numbers in a string
]
READY = {
    "activations": "relu", "constraints": "NonNeg", "initializers": "Ones", "layers": "ReLU", "optimizers": "SGD",
    "regularizers": "L2",
}  # fmt: skip


def test_an_argument_that_no_line_covers_is_an_error_that_says_so() -> None:
    with pytest.raises(LookupError, match=r"no kind for layers\.Dense\.colour: add a line"):
        kind_notation("layers", "Dense", "colour")


def test_the_first_pattern_that_fits_decides() -> None:
    assert kind_notation("layers", "Conv1D", "padding") == "'valid'/i | 'same'/i | 'causal'/i"
    assert kind_notation("layers", "Conv2D", "padding") == "'valid'/i | 'same'/i"
    assert kind_notation("layers", "MaxPooling2D", "padding") == "'valid' | 'same'"
    assert kind_notation("layers", "Conv3DTranspose", "kernel_size") == "int>=1 | list(int>=1,3)"
    assert kind_notation("layers", "MaxPooling2D", "strides") == "int>=1 | list(int>=1,2) | null"


def test_no_argument_has_two_kinds() -> None:
    names = Counter(name for names in EVERYWHERE.values() for name in names.split())
    assert [name for name, times in names.items() if times > 1] == []


def test_no_line_of_the_table_is_idle() -> None:
    used = {argument.rsplit(".", 1)[1] for argument in ARGUMENTS}
    names = {name for names in EVERYWHERE.values() for name in names.split()}
    assert (names | set(BY_CLASS)) - used == set()


@pytest.mark.parametrize("name", BY_CLASS)
def test_each_pattern_is_the_first_that_fits_some_class(name: str) -> None:
    owners = [argument.rsplit(".", 1)[0] for argument in ARGUMENTS if argument.endswith(f".{name}")]
    first = {next((p for p in BY_CLASS[name] if fnmatchcase(owner, p)), None) for owner in owners}
    # A rank for which Keras has no such layer yet may stay.
    assert {pattern for pattern in BY_CLASS[name] if not pattern.endswith("D*")} - first == set()


def test_no_general_kind_is_idle_behind_patterns() -> None:
    general = {name for names in EVERYWHERE.values() for name in names.split()} & set(BY_CLASS)
    covered = [
        name
        for name in general
        if all(
            any(fnmatchcase(argument.rsplit(".", 1)[0], pattern) for pattern in BY_CLASS[name])
            for argument in ARGUMENTS
            if argument.endswith(f".{name}")
        )
    ]
    assert covered == []


def test_what_keras_insists_on_is_an_argument() -> None:
    for pattern, wanted in INSISTS.items():
        fitting = [argument for argument in ARGUMENTS if fnmatchcase(argument, pattern)]
        assert fitting, pattern
        assert {insistence(*argument.split(".")) for argument in fitting} == {wanted}


def samples(kind: Kind, bench: Bench) -> Iterator[Any]:
    """Values at both ends of a kind, and one between."""
    match kind:
        case Null():
            yield None
        case Boolean():
            yield from (True, False)
        case Word():
            yield kind.value
        case Text():
            yield "text"
        case DType():
            yield from ("float32", "mixed_bfloat16")
        case Number():
            yield from numbers(kind)
        case Listing():
            length = kind.minimum or 2
            yield tuple(itertools.islice(itertools.cycle(samples(kind.item, bench)), length))
        case Table():
            yield {"rmax": next(samples(kind.value, bench))}
        case Object():
            yield an_object(kind.namespace, bench)
        case Either():
            for option in kind.options:
                yield from samples(option, bench)
        case Code():
            return


def numbers(kind: Number) -> Iterator[float]:
    step = 1 if kind.integer else 0.01
    low = None if kind.minimum is None else kind.minimum + step * kind.open_minimum
    high = None if kind.maximum is None else kind.maximum - step * kind.open_maximum
    found = [value for value in (low, high) if value is not None] or [-1.5]
    if high is None:
        found.append(2.5 if low is None else low + 2.5)
    yield from (int(value) if kind.integer else float(value) for value in found)
    if not kind.integer and (high is None or high >= 1):
        yield 1


def an_object(namespace: str, bench: Bench) -> Any:
    if namespace == "schedules":
        return bench.keras.optimizers.schedules.CosineDecay(0.1, 10)
    if namespace == "cells":
        return bench.keras.layers.GRUCell(2)
    return bench.ready(namespace, READY[namespace])


@pytest.mark.keras
@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith("activations.")])
def test_keras_takes_every_value_that_a_kind_offers(place: str, bench: Bench) -> None:
    facts = facts_of(place)
    bench.make(facts, {})
    for argument in facts.arguments.values():
        if any(fnmatchcase(f"{place}.{argument.name}", pattern) for pattern in ENTANGLED):
            continue
        for value in samples(argument.kind, bench):
            bench.make(facts, {argument.name: value})


@pytest.mark.keras
@pytest.mark.parametrize("argument", [a for a in ARGUMENTS if insistence(*a.split(".")) == "float"])
def test_keras_does_insist_on_a_float(argument: str, bench: Bench) -> None:
    place, name = argument.rsplit(".", 1)
    make = bench.thing(facts_of(place))
    make(**{name: 1.0})
    with pytest.raises(ValueError, match="float"):
        make(**{name: 1})
