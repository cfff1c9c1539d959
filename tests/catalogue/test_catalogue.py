"""The catalogue as shipped: what can be found in it, and that every default is a value of its own kind."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from mnistspec.catalogue import Catalogue, from_document, load
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

from .bench import facts_of, places


def fits(value: Any, kind: Kind) -> bool:
    """Whether plain data is of a kind, said again in the plainest way."""
    match kind:
        case Null():
            return value is None
        case Boolean():
            return value is True or value is False
        case Text() | DType():
            return isinstance(value, str)
        case Word():
            return bool(value == kind.value)
        case Number():
            return is_number(value, kind)
        case Listing():
            length = isinstance(value, list) and kind.minimum <= len(value) <= (kind.maximum or len(value))
            return length and all(fits(item, kind.item) for item in value)
        case Table():
            return isinstance(value, dict) and all(fits(item, kind.value) for item in value.values())
        case Object():
            return isinstance(value, str) and load()[kind.namespace].find(value) is not None
        case Either():
            return any(fits(value, option) for option in kind.options)
        case _:
            return False


def is_number(value: Any, kind: Number) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if kind.integer else int | float):
        return False
    above = kind.minimum is None or value > kind.minimum or (value == kind.minimum and not kind.open_minimum)
    return above and (kind.maximum is None or value < kind.maximum or (value == kind.maximum and not kind.open_maximum))


@pytest.mark.parametrize("place", places())
def test_every_kind_reads_and_every_default_is_of_its_kind(place: str) -> None:
    arguments = facts_of(place).arguments.values()
    assert [a.name for a in arguments if not a.required and not fits(a.default, a.kind)] == []
    assert not any(isinstance(a.kind, Code) for a in arguments)


def test_reading_it_needs_no_keras() -> None:
    program = "import sys; from mnistspec.catalogue import load; load(); print({'keras', 'numpy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_required_arguments_and_defaults() -> None:
    dense = facts_of("layers.Dense")
    assert [argument.name for argument in dense.arguments.values() if argument.required] == ["units"]
    assert dense.arguments["kernel_initializer"].default == "glorot_uniform"
    assert facts_of("layers.Conv2D").arguments["strides"].default == [1, 1]
    assert facts_of("layers.CategoryEncoding").arguments["num_tokens"].required


def test_arguments_of_base_classes_are_there_once_and_only_where_they_reach() -> None:
    assert {"activity_regularizer", "trainable", "dtype", "autocast", "name"} <= set(
        facts_of("layers.Flatten").arguments
    )
    assert "zero_output_for_mask" in facts_of("layers.LSTM").arguments
    assert "cell" not in facts_of("layers.LSTM").arguments
    assert {"lora_rank", "lora_alpha"} <= set(facts_of("layers.Conv2D").arguments)
    assert set(facts_of("layers.SpatialDropout1D").arguments) == {"rate", "seed", "name", "dtype"}
    assert set(facts_of("layers.Pipeline").arguments) == {"layers", "name"}
    assert "activity_regularizer" not in facts_of("layers.ActivityRegularization").arguments


@pytest.mark.parametrize(
    ("namespace", "word", "name"),
    [
        ("layers", "MaxPool2D", "MaxPooling2D"),
        ("layers", "Convolution2D", "Conv2D"),
        ("initializers", "he_normal", "HeNormal"),
        ("initializers", "uniform", "RandomUniform"),
        ("regularizers", "l2", "L2"),
        ("constraints", "max_norm", "MaxNorm"),
        ("activations", "swish", "silu"),
        ("optimizers", "adam", "Adam"),
        ("losses", "mse", "MeanSquaredError"),
        ("losses", "kl_divergence", "KLDivergence"),
        ("losses", "huber", "Huber"),
        ("metrics", "auc", "AUC"),
        ("metrics", "accuracy", "SparseCategoricalAccuracy"),
        ("losses", "crossentropy", "SparseCategoricalCrossentropy"),
    ],
)
def test_aliases_and_words_find_their_class(namespace: str, word: str, name: str) -> None:
    found = load()[namespace].find(word)
    assert found is not None
    assert found.name == name


def test_words_find_classes_that_need_no_argument() -> None:
    for namespace in load().namespaces.values():
        for word in namespace.identifiers:
            facts = namespace.find(word)
            assert facts is not None, word
            assert not facts.refused, word
            assert not [argument for argument in facts.arguments.values() if argument.required], word


def test_words_that_shapes_decide_are_marked() -> None:
    assert load()["metrics"].picked_by_shape == {"acc", "accuracy"}
    assert load()["losses"].picked_by_shape == {"ce", "crossentropy"}


def test_calls() -> None:
    attention = facts_of("layers.MultiHeadAttention")
    assert attention.first_argument == "query"
    assert attention.call_arguments[:2] == ("value", "key")
    assert facts_of("layers.LSTM").call_arguments == ("initial_state", "mask", "training")
    assert facts_of("layers.Dense").first_argument == "inputs"


def test_bases_are_the_public_ones() -> None:
    assert facts_of("layers.LSTM").bases == ("RNN", "Layer")
    assert facts_of("metrics.F1Score").bases == ("FBetaScore", "Metric")


@pytest.mark.parametrize("name", ["Lambda", "Layer", "Wrapper", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "Input"])
def test_layers_that_no_data_can_say_are_refused_with_a_reason(name: str) -> None:
    facts = load()["layers"].classes[name]
    assert facts.refused
    assert not facts.arguments


def test_callbacks_that_take_functions_are_refused() -> None:
    refused = {name for name, facts in load()["callbacks"].classes.items() if facts.refused}
    assert refused == {"Callback", "CallbackList", "LambdaCallback", "LearningRateScheduler"}


def test_cells_are_the_same_facts_as_the_layers() -> None:
    cells = load()["cells"]
    assert set(cells.classes) == {"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"}
    assert all(facts is load()["layers"].classes[name] for name, facts in cells.classes.items())


def test_pages_of_keras() -> None:
    assert facts_of("layers.Dense").url == "https://keras.io/api/layers/"
    assert facts_of("initializers.Ones").url == "https://keras.io/api/layers/initializers/"
    assert facts_of("schedules.CosineDecay").url == "https://keras.io/api/optimizers/learning_rate_schedules/"


def test_a_document_without_optional_parts() -> None:
    body = {"classes": {"Thing": {"path": "keras.layers.Thing", "arguments": [{"name": "size", "kind": "int"}]}}}
    catalogue = from_document({"keras_version": "9", "namespaces": {"layers": body}})
    assert isinstance(catalogue, Catalogue)
    thing = catalogue["layers"].find("Thing")
    assert thing is not None
    assert thing.arguments["size"].required
    assert (thing.bases, thing.call_arguments, thing.refused) == ((), (), "")
    assert catalogue["layers"].find("thing") is None
