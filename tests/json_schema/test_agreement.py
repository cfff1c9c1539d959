"""The published schema and the checker give one verdict: on the specs there are, on drawn ones, and on changed ones."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnistspec.catalogue import load

from .drawing import changed, layers, specs
from .judges import complaints, findings, parsed, verdicts

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/golden/ok/*.yaml")])
BAD = sorted(ROOT.glob("tests/golden/err/*.yaml"))
# Specs that the checker refuses and the schema cannot, by the file's stem, with the reason. (What YAML itself refuses,
# such as duplicate keys, never comes before either.)
CHECKER_ALONE: dict[str, str] = {"refused-python": "`os:system` looks as an object of one's own does"}

thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_specs_are_good_to_the_schema(path: Path) -> None:
    root = parsed(path.read_bytes())
    assert root is not None
    assert complaints(root) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_specs_are_judged_alike(path: Path) -> None:
    root = parsed(path.read_bytes())
    if root is None:
        pytest.skip("it is no YAML")
    refused = bool(findings(root)) and path.stem not in CHECKER_ALONE
    assert bool(complaints(root)) == refused


@thorough
@given(specs())
def test_specs_drawn_by_kind_are_good_to_both(spec: dict[str, Any]) -> None:
    assert verdicts(spec) == ([], [])


@thorough
@given(st.data())
def test_any_change_is_judged_alike(data: st.DataObject) -> None:
    spec = data.draw(changed(data.draw(specs())))
    schema, checker = verdicts(spec)
    assert bool(schema) == bool(checker), (schema, checker)


@thorough
@given(layers(), st.data())
def test_a_misspelt_argument_is_refused_by_both_and_named_by_the_schema(
    layer: dict[str, Any], data: st.DataObject
) -> None:
    layer = copy.deepcopy(layer)
    [(name, arguments)] = layer.items()
    written = data.draw(st.sampled_from(sorted(arguments) or ["units"]))
    arguments[written + "x"] = arguments.pop(written, 1)
    schema, checker = verdicts(with_layer(layer))
    assert checker
    assert any(f"$.model.layers[0].{name}: " in line and f"'{written}x' was unexpected" in line for line in schema)


def usable() -> list[str]:
    known = load().namespaces.values()
    return sorted(f"{n.name}.{name}" for n in known for name, facts in n.classes.items() if not facts.refused)


@pytest.mark.parametrize("place", usable())
def test_every_class_refuses_an_argument_that_it_lacks(place: str) -> None:
    namespace, _, name = place.partition(".")
    schema, checker = verdicts(with_object(namespace, {name: {"no_such_argument": 1}}))
    assert schema
    assert checker


REFUSED = sorted(
    f"{namespace.name}.{name}"
    for namespace in load().namespaces.values()
    for name, facts in namespace.classes.items()
    if facts.refused
)


@pytest.mark.parametrize("place", REFUSED)
def test_what_a_spec_may_not_use_is_refused_by_both(place: str) -> None:
    namespace, _, name = place.partition(".")
    forms: tuple[Any, ...] = (name, {name: {}})
    for written in forms:
        schema, checker = verdicts(with_object(namespace, written))
        assert schema
        assert checker


def test_a_layer_inside_another_is_not_called() -> None:
    inner: dict[str, Any] = {"LSTM": {"units": 3}}
    assert verdicts(with_layer({"Bidirectional": {"layer": inner, "from": "stem"}})) == ([], [])
    inner["LSTM"]["from"] = "stem"
    schema, checker = verdicts(with_layer({"Bidirectional": {"layer": inner}}))
    assert schema
    assert checker


def with_layer(layer: Any) -> dict[str, Any]:
    return {"mnistspec": 1, "model": {"kind": "functional", "layers": [layer]}}


def with_object(namespace: str, written: Any) -> dict[str, Any]:
    """A spec that is good as far as the object of the namespace is."""
    spec = with_layer("Flatten")
    match namespace:
        case "layers" | "ops":
            return with_layer(written)
        case "cells":
            return with_layer({"RNN": {"cell": written}})
        case "activations" | "initializers" | "regularizers" | "constraints":
            argument = "activation" if namespace == "activations" else f"kernel_{namespace[:-1]}"
            return with_layer({"Dense": {"units": 3, argument: written}})
        case "callbacks":
            return {**spec, "fit": {"callbacks": [written]}}
        case "optimizers":
            return {**spec, "compile": {"loss": "mse", "optimizer": written}}
        case "schedules":
            return {**spec, "compile": {"loss": "mse", "optimizer": {"Adam": {"learning_rate": written}}}}
        case "losses":
            return {**spec, "compile": {"loss": written}}
        case _:
            return {**spec, "compile": {"loss": "mse", namespace: [written]}}
