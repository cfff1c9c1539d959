"""From nodes to values: defaults filled in, shorthands read, and what only the values can be checked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import check
from mnistspec.bind import bind
from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.parse import parse, read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.resolve import resolve
from mnistspec.schema import validate
from mnistspec.source import Source
from mnistspec.spec import Spec
from mnistspec.values import Clear

_ROOT = Path(__file__).parent.parent

_MODEL = "model: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\n"


def _spec(text: str = "", model: str = _MODEL) -> Spec:
    result = check(f"mnistspec: 1\n{model}{text}")
    assert result.ok and result.spec is not None, result.diagnostics
    return result.spec


def test_what_is_left_out_has_its_default() -> None:
    spec = _spec("compile: {loss: mse}\nfit: {}\n")
    assert (spec.seed, spec.backend, spec.deterministic, spec.ignore) == (0, "tensorflow", False, ())
    assert (spec.data, spec.description) == (None, "")
    assert spec.compile is not None and spec.fit is not None
    assert isinstance(spec.compile.optimizer, Call) and spec.compile.optimizer.name == "RMSprop"
    assert (spec.compile.precision, spec.compile.jit_compile, spec.compile.steps_per_execution) == (
        "float32",
        "auto",
        "auto",
    )
    assert (spec.fit.epochs, spec.fit.batch_size, spec.fit.shuffle, spec.fit.checkpoint) == (1, 32, True, "auto")
    assert (spec.predict.samples, spec.outputs.report, spec.outputs.export) == (24, ("html", "md"), ())


def test_a_seed_of_null_is_left_to_the_operating_system() -> None:
    assert _spec("seed: null\n").seed is None


@pytest.mark.parametrize(
    ("file", "name"),
    [("mnist-mlp.yaml", "mnist-mlp"), ("a b*c.v2.yaml", "a-b-c.v2"), (".hidden.yaml", "hidden"), ("é.yaml", "model")],
)
def test_the_name_is_the_files_stem_made_safe_for_a_folder(file: str, name: str) -> None:
    result = check_source(Source(f"mnistspec: 1\n{_MODEL}", file, Path(file)))
    assert result.spec is not None and result.spec.name == name


@pytest.mark.parametrize("name", ["a/b", "..", ".a", "-a", "a b", "x" * 101, "a\\b", "CON:"])
def test_a_name_that_makes_no_folder_is_refused(name: str) -> None:
    assert [found.code for found in check(f"mnistspec: 1\nname: '{name}'\n{_MODEL}").diagnostics] == ["E204"]


@pytest.mark.parametrize(
    ("written", "shape", "batch"),
    [
        ("[4]", (4,), None),
        ("[null, 3]", (None, 3), None),
        ("[]", (), None),
        ("{shape: [4]}", (4,), None),
        ("{shape: [4], batch_size: 2}", (4,), 2),
        ("{batch_shape: [2, 4]}", (4,), 2),
        ("{batch_shape: [null, 4]}", (4,), None),
    ],
)
def test_inputs_may_be_written_short(written: str, shape: tuple[int | None, ...], batch: int | None) -> None:
    spec = _spec(model=f"model: {{kind: functional, inputs: {{a: {written}}}, layers: [Identity]}}\n")
    assert spec.model.inputs is not None
    (given,) = spec.model.inputs
    assert (given.name, given.shape, given.batch_size) == ("a", shape, batch)


def test_the_only_input_is_named_input_unless_it_says_otherwise() -> None:
    model = "model: {kind: functional, input: %s, layers: [Flatten]}\n"
    names = [_spec(model=model % written).model.inputs for written in ("[4]", "{shape: [4]}", "{shape: [4], name: x}")]
    assert [inputs[0].name for inputs in names if inputs is not None] == ["input", "input", "x"]


@pytest.mark.parametrize("namespace", ["layers", "ops", "applications"])
def test_every_class_and_function_of_keras_is_known_by_its_name(namespace: str) -> None:
    model = "model: {kind: functional, inputs: {x: [4]}, layers: [{%s: {}}]}\n"
    for name, facts in load()[namespace].classes.items():
        found = {told.code for told in check(f"mnistspec: 1\n{model % name}").diagnostics}
        assert "E205" not in found, name
        assert ("E210" in found) == bool(facts.refused), name


def test_words_and_classes_are_told_apart() -> None:
    spec = _spec("compile: {optimizer: adam, loss: {MeanSquaredError: {name: m}}, metrics: [accuracy, mae]}\n")
    assert spec.compile is not None
    assert isinstance(spec.compile.optimizer, Call) and spec.compile.optimizer.bare == "adam"
    assert isinstance(spec.compile.loss, Call) and spec.compile.loss.bare is None
    assert spec.compile.loss.arguments == {"name": "m"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loss: {a: mse, b: null}", {"a": "MeanSquaredError", "b": None}),
        ("loss: {a: {Huber: {delta: 2.0}}, b: null}", {"a": "Huber", "b": None}),
        ("loss: {Huber: {delta: 2.0}}", "Huber"),
    ],
)
def test_a_map_of_losses_is_told_from_a_loss_with_arguments(text: str, value: object) -> None:
    layers = "Dense: {units: 1, name: a}, Dense: {units: 1, name: b, from: i}"
    model = f"model: {{kind: functional, inputs: {{i: [4]}}, layers: [{layers}], outputs: [a, b]}}\n"
    spec = _spec(f"compile: {{{text}}}\n", model)
    assert spec.compile is not None
    loss = spec.compile.loss
    found = {k: v.name if isinstance(v, Call) else v for k, v in loss.items()} if isinstance(loss, dict) else loss
    assert (found.name if isinstance(found, Call) else found) == value


def test_a_mistake_in_one_section_hides_no_other() -> None:
    text = (
        "seed: -1\ndata: {sourc: mnist}\ncompile: {loss: msee}\nfit: {epochs: 0}\noutputs: {export: [x]}\nbackend: y\n"
    )
    result = check(f"mnistspec: 1\n{_MODEL}{text}")
    assert [found.line for found in result.diagnostics] == [3, 4, 5, 6, 7, 8]


def test_a_spec_with_a_mistake_in_its_data_keeps_its_graph() -> None:
    result: CheckResult = check(f"mnistspec: 1\ndata: {{source: mnsit}}\n{_MODEL}")
    assert not result.ok and result.graph is not None
    assert result.graph.trainable == 15


_SPECS = sorted([*(_ROOT / "specs").glob("*.yaml"), *(_ROOT / "tests/golden").glob("*/*.yaml")])


@pytest.mark.slow
@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_what_validating_has_read_binds_as_if_it_were_read_again(path: Path) -> None:
    source = read_source(path).value
    root = parse(source).value if source is not None else None
    if root is None or source is None:
        return
    clear: Clear = {}
    validate(root, load(), clear)
    resolved = resolve(root).value
    if resolved is None:
        return  # it expands too far
    anew, kept = bind(resolved, load(), source), bind(resolved, load(), source, clear)
    assert kept.value == anew.value and kept.diagnostics == anew.diagnostics


def test_the_same_text_may_mean_one_thing_here_and_another_there() -> None:
    spec = _spec("evaluate: &sizes {batch_size: 8}\npredict: *sizes\n")
    assert (spec.evaluate.batch_size, spec.predict.batch_size, spec.predict.samples) == (8, 8, 24)
