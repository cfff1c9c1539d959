"""The generated catalogue against the installed Keras, and the command that makes it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from mnistspec.catalogue import catalogue_file, generate, load

from .bench import Bench, facts_of, places

CLASSES = [place for place in places() if not place.startswith("activations.")]
ACTIVATIONS = [place for place in places() if place.startswith("activations.")]
# A made-up argument proves nothing here: these constructors take any, and drop it.
SWALLOWING = {"callbacks.ReduceLROnPlateau", "layers.HashedCrossing"}


def test_check_prints_what_is_stale_and_leaves_it(monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path) -> None:
    stored = tmp_path / "keras-catalogue.json"
    stored.write_text('{\n "keras_version": "3.0"\n}\n')
    monkeypatch.setattr(generate, "fresh_files", lambda: {stored: '{\n "keras_version": "4.0"\n}\n'})
    assert generate.main(["--check"]) == 1
    assert '- "keras_version": "3.0"\n+ "keras_version": "4.0"\n' in capsys.readouterr().out
    assert "3.0" in stored.read_text()


def test_writing_makes_it_fresh_and_leaves_nothing_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stored = tmp_path / "keras-catalogue.json"
    monkeypatch.setattr(generate, "fresh_files", lambda: {stored: "{}\n"})
    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["keras-catalogue.json"]


def test_the_schema_is_made_from_the_fresh_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = catalogue_file().read_text("utf-8").replace('"Dense": {', '"Thick": {')
    monkeypatch.setattr(generate, "catalogue_text", lambda: renamed)
    fresh = {path.name: text for path, text in generate.fresh_files().items()}
    assert fresh["keras-catalogue.json"] == renamed
    assert '"layers.Thick": {' in fresh["mnistspec-v1.schema.json"]
    assert '"layers.Dense": {' not in fresh["mnistspec-v1.schema.json"]


def test_one_argument_stands_on_one_line() -> None:
    text = generate.render({"a": {"arguments": [{"name": "x", "kind": "int", "default": [1, 2]}]}, "b": ["c", "d"]})
    assert text.splitlines() == [
        "{",
        ' "a": {',
        '  "arguments": [',
        '   {"name": "x", "kind": "int", "default": [1, 2]}',
        "  ]",
        " },",
        ' "b": ["c", "d"]',
        "}",
    ]


@pytest.mark.keras
def test_the_catalogue_is_fresh() -> None:
    assert generate.difference(catalogue_file(), generate.catalogue_text()) == ""


@pytest.mark.keras
def test_no_public_class_is_left_out(bench: Bench) -> None:
    for namespace in load().namespaces.values():
        module = (
            bench.keras.optimizers.schedules
            if namespace.name == "schedules"
            else getattr(bench.keras, namespace.name, None)
        )
        public = {name for name, thing in vars(module).items() if inspect.isclass(thing)} if module else set()
        assert public - set(namespace.classes) == set()


@pytest.mark.keras
@pytest.mark.parametrize("place", CLASSES)
def test_every_default_may_be_spelled_out_and_means_the_same(place: str, bench: Bench) -> None:
    facts = facts_of(place)
    silent = bench.make(facts, {})
    defaults = {a.name: bench.default(a) for a in facts.arguments.values() if not a.required}
    spelled = bench.make(facts, {**defaults, **bench.needs(facts)})
    if hasattr(silent, "get_config"):
        config = comparable(spelled.get_config())
        assert {name: config[name] for name in silent.get_config() if name in config} == comparable(silent.get_config())


def comparable(value: Any) -> Any:
    """A config without what each new object draws for itself: names and seeds."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if key not in ("name", "seed")}
    if isinstance(value, list | tuple):
        return [comparable(item) for item in value]
    return value.numpy().tolist() if hasattr(value, "numpy") else value


@pytest.mark.keras
@pytest.mark.parametrize("place", sorted(set(CLASSES) - SWALLOWING))
def test_an_argument_that_the_catalogue_lacks_is_refused(place: str, bench: Bench) -> None:
    with pytest.raises((TypeError, ValueError), match=r"no_such_argument|takes no arguments"):
        bench.make(facts_of(place), {"no_such_argument": None})


@pytest.mark.keras
@pytest.mark.parametrize("place", ACTIVATIONS)
def test_activations_take_their_arguments(place: str, bench: Bench) -> None:
    facts = facts_of(place)
    function = bench.thing(facts)
    values = bench.keras.ops.convert_to_tensor([[-1.0, 0.5], [2.0, 3.0]])
    arguments = bench.needs(facts) | {a.name: a.default for a in facts.arguments.values() if not a.required}
    silent, spelled = function(values, **bench.needs(facts)), function(values, **arguments)
    assert (bench.keras.ops.convert_to_numpy(silent) == bench.keras.ops.convert_to_numpy(spelled)).all()


@pytest.mark.keras
@pytest.mark.parametrize(
    "namespace", ["optimizers", "losses", "metrics", "initializers", "regularizers", "constraints"]
)
def test_keras_takes_the_words(namespace: str, bench: Bench) -> None:
    known = load()[namespace]
    for word in set(known.identifiers) - known.picked_by_shape:
        meant = getattr(bench.keras, namespace).get(word)
        facts = known.find(word)
        assert facts is not None
        if inspect.isfunction(meant):
            assert bench.thing(facts)().fn is meant
        else:
            assert type(meant) is bench.thing(facts)


@pytest.mark.keras
def test_words_that_shapes_decide_become_one_of_three_classes(bench: Bench) -> None:
    keras = bench.keras
    for word in load()["metrics"].picked_by_shape:
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="softmax")])
        model.compile(loss="crossentropy", metrics=[word])
        model.test_on_batch(keras.ops.ones((4, 2)), keras.ops.zeros((4,), "int32"))
        [compiled] = [metric for metric in model.metrics if metric.name == "compile_metrics"]
        assert type(compiled.metrics[0]).__name__ == load()["metrics"].identifiers[word]
