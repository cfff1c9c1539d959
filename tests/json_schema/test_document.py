"""The published schema itself: valid, fresh, closed everywhere, and with what an editor shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from mnistspec.catalogue import load
from mnistspec.json_schema import schema_file, schema_text

from .judges import schema, verdicts
from .test_agreement import with_layer


def subschemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself first."""
    if isinstance(value, dict):
        yield value
        named = [inner for key in ("properties", "$defs") for inner in value.get(key, {}).values()]
        single = [value[key] for key in ("items", "additionalProperties") if key in value]
        either = [value[key] for key in ("then", "else") if key in value]
        for inner in [*named, *single, *either, *value.get("anyOf", ()), *value.get("allOf", ())]:
            yield from subschemas(inner)


def definition(name: str) -> dict[str, Any]:
    found = schema()["$defs"][name]
    assert isinstance(found, dict)
    return found


def test_it_is_valid_against_its_metaschema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_stored_file_is_fresh() -> None:
    assert schema_file().read_text("utf-8") == schema_text(), "run `python -m mnistspec.json_schema`"


def test_it_is_named_after_its_file_and_no_host() -> None:
    assert schema()["$id"] == schema_file().name == "mnistspec-v1.schema.json"


def test_every_definition_is_used_and_every_reference_leads_somewhere() -> None:
    used = {inner["$ref"].removeprefix("#/$defs/") for inner in subschemas(schema()) if "$ref" in inner}
    assert used == set(schema()["$defs"])


def test_every_map_with_keys_is_closed_but_for_losses_by_output_name() -> None:
    open_maps = [inner for inner in subschemas(schema()) if "properties" in inner and inner.get("additionalProperties")]
    each = "(losses-or-null-or-list-of-(losses-or-null))"
    by_output = f"losses-or-list-of-1-up-{each}-or-map-of-{each}"
    assert open_maps == [definition(by_output), definition(f"{by_output}-or-null")]
    assert not any("oneOf" in inner for inner in subschemas(schema()))


@pytest.mark.parametrize("namespace", ["layers", "optimizers", "losses", "metrics", "callbacks", "initializers"])
def test_an_object_is_a_map_of_one_class(namespace: str) -> None:
    one_key = definition(f"{'entries' if namespace == 'layers' else namespace}-with-arguments")
    own = {"use", "repeat", "share", "Sequential", "Functional"} if namespace == "layers" else set()
    own |= {"python"}
    namespaces = ["layers", "ops", "applications"] if namespace == "layers" else [namespace]
    usable = {name for each in namespaces for name, facts in load()[each].classes.items() if not facts.refused}
    assert set(one_key["properties"]) == usable | own
    assert (one_key["minProperties"], one_key["additionalProperties"]) == (1, False)
    bounds = one_key if namespace == "layers" else one_key["allOf"][0]
    assert bounds["maxProperties"] == 1


def test_a_map_under_a_line_of_its_own_has_its_bound_apart_from_its_keys() -> None:
    """yaml-language-server completes no key where `maxProperties: 1` stands beside `properties`."""
    beside = {name for name, one in schema()["$defs"].items() if "properties" in one and "maxProperties" in one}
    assert beside == {"entries-with-arguments"}


def test_a_word_stands_among_those_of_its_namespace() -> None:
    """An editor that shows one word of an enumeration shows them all."""
    words = [set(form["enum"]) for form in definition("entry")["anyOf"] if "enum" in form]
    assert [{word.rpartition(".")[0] for word in together} for together in words] == [
        {""}, {"ops"}, {"ops.image"}, {"applications"},
    ]  # fmt: skip


def test_a_default_that_may_be_left_out_is_no_text_that_an_editor_writes_by_itself() -> None:
    """yaml-language-server writes out the default of a key whose first type is a text or a number."""
    targets = schema()["else"]["properties"]["data"]["properties"]["targets"]
    assert targets["type"] == ["object", "string"]


def test_aliases_mean_the_same() -> None:
    layers = definition("entries-with-arguments")["properties"]
    assert layers["MaxPool2D"] == layers["MaxPooling2D"] == {"$ref": "#/$defs/layers.MaxPooling2D"}


def test_bare_names_are_those_that_need_no_argument() -> None:
    names = [name for inner in definition("entry")["anyOf"] for name in inner.get("enum", ())]
    assert {"Flatten", "GlobalAvgPool2D", "ReLU"} <= set(names)
    assert not {"Dense", "Lambda", "Input", "Sequential", "use"} & set(names)


def test_a_nested_model_has_layers_of_its_own_and_the_keys_of_any_layer() -> None:
    nested = definition("nested.Sequential")["properties"]
    assert nested["layers"]["items"] == {"$ref": "#/$defs/entry"}
    assert nested["from"] == definition("layers.Dense")["properties"]["from"]


def test_a_class_has_its_name_its_page_and_its_defaults() -> None:
    dense = definition("layers.Dense")
    assert dense["title"] == "Dense"
    assert dense["description"] == "keras.layers.Dense, see https://keras.io/api/layers/"
    assert dense["required"] == ["units"]
    assert dense["properties"]["kernel_initializer"]["default"] == "glorot_uniform"
    assert "default" not in dense["properties"]["units"]
    assert definition("int-from-1")["description"] == "an integer of at least 1"


def test_a_key_of_the_language_has_its_meaning_and_its_default() -> None:
    epochs = schema()["else"]["properties"]["fit"]["properties"]["epochs"]
    assert (epochs["description"], epochs["default"]) == ("passes over the training set", 1)
    assert "default" not in schema()["else"]["properties"]["name"]
    assert schema()["else"]["properties"]["seed"]["default"] == 0


@pytest.mark.parametrize(
    ("units", "good"),
    [(3, True), ("${width}", True), ("${2 * width}", True), ("3", False), (2.5, False)],
)
def test_an_expression_may_stand_for_a_number(units: Any, good: bool) -> None:
    schema, checker = verdicts(with_layer({"Dense": {"units": units}}))
    assert (not schema, not checker) == (good, good)


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ({"data": {"source": {"csv": {"path": "a", "labels": "b"}}}}, "$.data.source.csv: "),
        ({"data": {"source": "mnist", "prepare": {"x": [{"rescale": {"by": 2}}]}}}, "$.data.prepare.x[0].rescale: "),
        ({"compile": {"loss": {"Huber": {"dleta": 1}}}}, "$.compile.loss.Huber: "),
        ({"compile": {"loss": {"digit": {"Huber": {"dleta": 1}}}}}, "$.compile.loss.digit.Huber: "),
        ({"compile": {"loss": "mse", "metrics": ["mse", "mss"]}}, "$.compile.metrics[1]: "),
        ({"fit": {"callbacks": [{"EarlyStopping": {"patience": -1}}]}}, "$.fit.callbacks[0].EarlyStopping.patience: "),
    ],
)
def test_a_mistake_is_reported_where_it_stands(section: dict[str, Any], place: str) -> None:
    schema, checker = verdicts(with_layer("Flatten") | section)
    assert checker
    assert schema
    assert all(line.startswith(place) for line in schema)


@pytest.mark.parametrize(
    "section",
    [
        {
            "data": {
                "source": "mnist",
                "prepare": {"x": [{"rescale": 255}, {"reshape": [784]}, "grayscale"], "y": ["one_hot"]},
            }
        },
        {"data": {"source": {"cifar100": {}}, "validation": "mnist_sample", "limit": None}},
        {"compile": {"loss": {"digit": "mse", "left": None}, "metrics": {"digit": {"AUC": {}}, "left": ["mae"]}}},
        {"fit": {"class_weight": {"0": 1, "1": 2.5}}},
    ],
)
def test_short_forms_are_good(section: dict[str, Any]) -> None:
    assert verdicts(with_layer("Flatten") | section) == ([], [])


def test_an_integer_written_with_a_point_is_seen_by_the_checker_alone() -> None:
    schema, checker = verdicts(with_layer({"Dense": {"units": 2.0}}))
    assert not schema
    assert checker


@pytest.mark.parametrize(
    ("spec", "good"),
    [
        ({"extends": "base.yaml"}, True),
        ({"extends": ["a.yaml", "b.yaml"], "model": {"input": [4]}, "fit": None, "compile": {"metrics": None}}, True),
        ({"extends": "base.yaml", "modle": {}}, False),
        ({"extends": []}, False),
        ({"extends": 3, "model": None}, False),
        ({"extends": "base.yaml", "blocks": {"a": {"params": {}}}}, False),
        ({"fit": None}, False),
    ],
)
def test_a_spec_that_extends_another_may_leave_out_what_that_has(spec: dict[str, Any], good: bool) -> None:
    schema, checker = verdicts({"mnistspec": 1, **spec})
    assert (not schema, not checker) == (good, good)
