"""Objects of Python outside Keras: imported and made where code is allowed, and told of at their place where not."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mnistspec
from mnistspec.diagnostics import SpecInvalid, SpecRefused

pytestmark = pytest.mark.keras

_CODE = """\
import keras

class Twice(keras.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x, extra=0.0):
        return x * self.factor + extra

class Explodes(keras.Layer):
    def __init__(self, **kwargs):
        raise OSError("no disk")

class BadCall(keras.Layer):
    def call(self, x):
        raise AssertionError("no way")

class Nameless(keras.Layer):
    def __init__(self):
        super().__init__()

def squash(x):
    return keras.ops.tanh(x)

def rate():
    return 0.01

def nothing(**given):
    return None

lam = lambda labels, found: 0.0
thing = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the author's modules, none of which outlives the test."""
    before = set(sys.modules)
    (tmp_path / "own_code.py").write_text(_CODE)
    (tmp_path / "own_broken.py").write_text("import keras\n\nraise ValueError('at import')\n")
    (tmp_path / "own_unreadable.py").write_text("def f(:\n")
    (tmp_path / "own_exit.py").write_text("import sys\nsys.exit(3)\n")
    (tmp_path / "own_needy.py").write_text("import no_such_thing\n")
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("own_"):
            del sys.modules[name]
    importlib.invalidate_caches()


def built(folder: Path, *, layer: str = "Flatten", compile: str = "loss: mse", kind: str = "sequential") -> Any:
    spec = folder / "spec.yaml"
    inputs = "input: [4]" if kind == "sequential" else "inputs: {x: [4]}"
    model = f"{{kind: {kind}, {inputs}, layers: [{layer}, {{Dense: {{units: 1}}}}]}}"
    spec.write_text(f"mnistspec: 1\nmodel: {model}\ncompile: {{{compile}}}\n")
    return mnistspec.build(spec, allow_code=True)


def python(name: str, more: str = "") -> str:
    return f'{{python: {{object: "{name}"{more}}}}}'


def test_without_being_allowed_nothing_is_imported(folder: Path) -> None:
    spec = folder / "spec.yaml"
    spec.write_text(f"mnistspec: 1\nmodel: {{kind: sequential, input: [4], layers: [{python('own_code:Twice')}]}}\n")
    with pytest.raises(SpecInvalid, match="E210"):
        mnistspec.build(spec)
    assert mnistspec.check(spec, allow_code=True).ok
    assert "own_code" not in sys.modules


def test_a_layer_gets_its_arguments_its_name_and_those_of_its_call(folder: Path) -> None:
    more = ", arguments: {factor: 3.0}, name: tripled, call: {extra: 1.0}"
    model = built(folder, layer=python("own_code:Twice", more), kind="functional")
    layer = model.get_layer("tripled")
    assert (type(layer).__name__, layer.factor) == ("Twice", 3.0)
    assert model.get_config()["layers"][1]["inbound_nodes"][0]["kwargs"] == {"extra": 1.0}


def test_functions_are_taken_and_classes_called_where_keras_takes_functions(folder: Path) -> None:
    layer = f"{{Dense: {{units: 4, activation: {python('own_code:squash')}}}}}"
    model = built(
        folder, layer=layer, compile=f"loss: mse, optimizer: {{SGD: {{learning_rate: {python('own_code:rate')}}}}}"
    )
    assert model.layers[0].activation is sys.modules["own_code"].squash
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)


def test_the_folder_of_the_spec_is_searched_for_that_import_alone(folder: Path) -> None:
    before = list(sys.path)
    built(folder, layer=python("own_code:Twice"))
    assert sys.path == before
    deeper = folder / "deeper"
    deeper.mkdir()
    assert type(built(deeper, layer=python("own_code:Twice", ", path: ..")).layers[0]).__name__ == "Twice"


def test_another_module_of_a_name_in_use_is_told(folder: Path) -> None:
    built(folder, layer=python("own_code:Twice"))
    other = folder / "other"
    other.mkdir()
    (other / "own_code.py").write_text(_CODE)
    with pytest.raises(SpecRefused, match="a module `own_code` is in use already"):
        built(other, layer=python("own_code:Twice"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("own_code:Twise", r"the module `own_code` has no `Twise`; did you mean `Twice`\?"),
        ("own_code:thing", "is neither a class nor a function"),
        ("own_code:nothing", "gives nothing, and this is the place of a layer"),
        ("own_code:squash", "does not take these arguments"),
        ("own_code:Nameless", r"'name'; let it take `\*\*kwargs`"),
        ("own_code:Explodes", r"could not be made: OSError: no disk \(own_code.py, line 13\)"),
        ("own_code:BadCall", r"could not be called: AssertionError: no way \(own_code.py, line 17\)"),
        ("own_broken:f", r"could not be imported: ValueError: at import \(own_broken.py, line 3\)"),
        ("own_unreadable:f", r"SyntaxError: invalid syntax \(own_unreadable.py, line 1\)"),
        ("own_exit:f", "could not be imported: SystemExit: 3"),
        ("own_needy:f", r"No module named 'no_such_thing' \(own_needy.py, line 1\)"),
        ("own_absent:f", "there is no module `own_absent`, neither in .* nor among the installed ones"),
        ("own_code.part:f", "there is no module `own_code.part`"),
    ],
)
def test_what_the_authors_code_does_wrong_is_told_at_its_place(folder: Path, name: str, told: str) -> None:
    with pytest.raises(SpecRefused, match=told) as caught:
        built(folder, layer=python(name))
    assert ":2:" in str(caught.value)


@pytest.mark.parametrize(
    ("compile", "told"),
    [
        (f"loss: {python('own_code:lam')}", "is a lambda, which Keras cannot save"),
        (f"loss: {python('own_code:thing')}", "gives an object of type `int`, and this is the place of a loss"),
        (f"loss: mse, optimizer: {python('own_code:rate')}", "type `float`, and this is the place of an optimizer"),
    ],
)
def test_an_object_of_the_wrong_kind_is_told(folder: Path, compile: str, told: str) -> None:
    with pytest.raises(SpecRefused, match=told):
        built(folder, compile=compile)
