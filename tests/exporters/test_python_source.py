"""Scripts made from specs: formatted, free of mnistspec, and building the very model that mnistspec builds."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import mnistspec
from mnistspec.diagnostics import DataUnavailable, UsageError
from mnistspec.graph import snake_case

from .layer_specs import LAYERS

ROOT = Path(__file__).parents[2]
# Its data are not there, and nothing else says the shape of its inputs.
_WITHOUT_SHAPE = "data-not-here-yet.yaml"
FILES = [
    *sorted((ROOT / "specs").glob("*.yaml")),
    *sorted((ROOT / "mnistspec/cli/templates").glob("*.yaml")),
    *sorted(path for path in (ROOT / "tests/golden/ok").glob("*.yaml") if path.name != _WITHOUT_SHAPE),
    *sorted(Path(__file__).with_name("scripts").glob("*.yaml")),
]
TINY = "mnistspec: 1\nname: tiny\nmodel: {kind: sequential, input: [3], layers: [{Dense: {units: 2}}]}\n"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script of every spec there is."""
    folder = tmp_path_factory.mktemp("scripts")
    for index, path in enumerate(FILES):
        (folder / f"{index:03d}_{path.stem}.py").write_text(mnistspec.to_python(path), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "command",
    [["format", "--check", "--diff"], ["check", "--extend-select", "I,B,UP,C4,SIM,PTH,PIE"]],
    ids=lambda c: c[0],
)
def test_the_script_is_what_a_formatter_and_a_linter_would_leave_alone(scripts: Path, command: list[str]) -> None:
    ruff = [sys.executable, "-m", "ruff", command[0], "--isolated", "--no-cache", "--target-version", "py311"]
    done = subprocess.run([*ruff, *command[1:], str(scripts)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_imports_keras_numpy_and_the_standard_library_alone(scripts: Path) -> None:
    allowed = {"keras", "numpy", *sys.stdlib_module_names}
    for path in scripts.iterdir():
        assert {name.split(".")[0] for name in _imported(ast.parse(path.read_text("utf-8")))} <= allowed, path.name


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None and node.level == 0
            yield node.module


def test_making_a_script_needs_neither_keras_nor_numpy() -> None:
    code = "import sys, mnistspec; mnistspec.to_python(sys.argv[1]); print(*sys.modules, sep='\\n')"
    command = [sys.executable, "-c", code, str(ROOT / "specs/mnist-schedule.yaml")]
    modules = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert not {"keras", "tensorflow", "numpy", "PIL"} & set(modules)


def test_the_script_begins_with_what_the_spec_says_of_itself() -> None:
    said = 'quotes " and """, a backslash \\ and \\n, "'
    text = TINY + f"description: {json.dumps(said)}\nseed: 5\n"
    tree = ast.parse(mnistspec.to_python(text))
    docstring = ast.get_docstring(tree)
    assert docstring is not None and docstring.startswith("Q" + said[1:]) and "spec `tiny`" in docstring
    assert "SEED = 5" in ast.unparse(tree)


def test_only_what_the_spec_writes_is_in_the_script() -> None:
    script = mnistspec.to_python(TINY + "compile: {optimizer: {Adam: {learning_rate: 1}}, loss: mse}\n")
    assert "layers.Dense(2)," in script
    assert 'model.compile(optimizer=keras.optimizers.Adam(learning_rate=1.0), loss="mse")' in script


def test_names_that_keras_would_give_by_itself_are_left_to_it() -> None:
    script = mnistspec.to_python(ROOT / "specs/mnist-branches.yaml")
    assert 'name="near"' in script and "layers.MaxPooling2D(pool_size=2)(" in script and "max_pooling2d" not in script
    ours = mnistspec.to_python(ROOT / "tests/golden/ok/names-given-by-us.yaml")
    assert all(f'name="{name}"' in ours for name in ("dense", "dense_1", "dense_2"))
    assert 'name="layer_normalization"' not in ours


def test_products_of_numbers_stay_as_they_are_written() -> None:
    layers = ["${7 * 7 * 4 * width}", "${4 * 4}", "${width * 2 if width > 3 else 1}", "${min(7, 9) * width}"]
    listed = "".join(f'    - Dense: {{units: "{units}"}}\n' for units in layers)
    head = 'mnistspec: 1\nvars: {width: 4, area: "${28 * 28}"}\nmodel:\n  kind: sequential\n'
    script = mnistspec.to_python(f'{head}  input: ["${{area}}"]\n  layers:\n{listed}')
    assert "AREA = 28 * 28\n" in script
    found = re.findall(r"layers\.Dense\((.*)\)", script)
    assert found == ["7 * 7 * 4 * WIDTH", "4 * 4", "WIDTH * 2 if WIDTH > 3 else 1", "7 * WIDTH"]


@pytest.mark.parametrize("kind", ["sequential, input: [8]", "functional, inputs: {x: [8]}"])
def test_a_model_that_nothing_more_is_done_with_is_returned_at_once(kind: str) -> None:
    text = f"mnistspec: 1\nmodel: {{kind: {kind}, layers: [{{Dense: {{units: 2}}}}]}}\n"
    built = mnistspec.to_python(text).partition("def main")[0]
    assert re.search(r"    return keras\.(Model|Sequential)\(", built) and "model = " not in built
    built = mnistspec.to_python(f"{text}compile: {{loss: mse}}\n").partition("def main")[0]
    assert "    model = keras." in built and built.rstrip().endswith("return model")


def test_a_module_of_code_is_imported_once_and_as_another_where_the_script_has_that_name() -> None:
    def script(module: str) -> str:
        layers = f'[{{python: {{object: "{module}:Gate"}}}}, {{python: {{object: "{module}:squash"}}}}]'
        text = f"mnistspec: 1\nmodel: {{kind: sequential, input: [8], layers: {layers}}}\n"
        return mnistspec.to_python(text, allow_code=True)

    one = script("mine.attention")
    assert one.count("import mine") == 1 and "\nimport mine.attention\n" in one
    assert "mine.attention.Gate(" in one and "mine.attention.squash(" in one
    other = script("layers")
    assert "\nimport layers as own_layers\n" in other and "own_layers.Gate(" in other


def test_a_spec_without_training_gives_a_script_that_shows_the_model() -> None:
    script = mnistspec.to_python(TINY)
    assert "model.summary()" in script and "fit(" not in script and "numpy" not in script


def test_overrides_reach_the_script() -> None:
    assert "layers.Dense(9)" in mnistspec.to_python(TINY, overrides=["model.layers.0.Dense.units=9"])


def test_a_wrong_spec_raises_with_its_diagnostics() -> None:
    with pytest.raises(mnistspec.SpecInvalid) as raised:
        mnistspec.to_python(TINY.replace("Dense", "Dens"))
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["E205"]


def test_what_only_missing_data_could_tell_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the shape of the input `left` .* `inputs: \{left: \{shape: \[28, 28\]\}\}`"):
        mnistspec.to_python(ROOT / "tests/golden/ok" / _WITHOUT_SHAPE)
    absent = "data: {source: {npz: {path: absent.npz}}}\ncompile: {loss: mse}\nfit: {epochs: 1}\n"
    with pytest.raises(DataUnavailable, match=r"absent\.npz is not there, .* leave `fit` out"):
        mnistspec.to_python(TINY + absent)


def test_export_prints_the_script_or_writes_it_and_overwrites_nothing(command: Any, tmp_path: Path) -> None:
    spec = ROOT / "specs/mnist-mlp.yaml"
    done = command("export", spec, "--to", "python")
    assert done.code == 0 and done.out == mnistspec.to_python(spec) and done.err == ""
    assert command("export", spec, "--to", "python", "--out", tmp_path).code == 0
    file = tmp_path / "mnist-mlp.py"
    assert file.read_text("utf-8") == done.out and [*tmp_path.iterdir()] == [file]

    file.write_text("mine")
    refused = command("export", spec, "--to", "python", "--out", file)
    assert refused.code == 2 and "is there already" in refused.err and file.read_text() == "mine"
    assert command("export", spec, "--to", "python", "--out", file, "--force").code == 0
    assert file.read_text("utf-8") == done.out


def test_export_refuses_what_it_cannot_do(command: Any, tmp_path: Path) -> None:
    spec = tmp_path / "tiny.yaml"
    spec.write_text(TINY)
    unknown = command("export", spec, "--to", "perl")
    assert unknown.code == 2 and "`--to perl` is unknown; there are python" in unknown.err
    nowhere = command("export", spec, "--to", "python", "--out", tmp_path / "no" / "where.py")
    assert nowhere.code == 2 and "there is no folder" in nowhere.err
    spec.write_text(TINY.replace("units", "unit"))
    wrong = command("export", spec, "--to", "python", "--out", tmp_path / "wrong.py")
    assert wrong.code == 1 and "E206" in wrong.err and not (tmp_path / "wrong.py").exists()


@pytest.mark.keras
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_script_builds_the_model_that_mnistspec_builds(path: Path) -> None:
    _assert_same_model(path)


@pytest.mark.keras
@pytest.mark.parametrize("name", [name for name in LAYERS if name != "Equalization"])
def test_two_layers_of_every_class_come_out_the_same_without_names(name: str) -> None:
    """`Equalization` alone Keras cannot put into a model: its output is its input."""
    _assert_same_model(_twice(name))


def _twice(name: str) -> str:
    """A spec with two layers of a class on the same inputs, named by nobody."""
    inputs, written = LAYERS[name]
    arguments = written if "from:" in written else ", ".join([*filter(None, [written]), f"from: {_first_of(inputs)}"])
    layer = f"{{{name}: {{{arguments}}}}}"
    stem = snake_case(name)
    # Cells return their states too.
    output = ".0" if "Cell" in name else ""
    joined = f"{{Identity: {{from: {stem}{output}}}}}, {{Identity: {{from: {stem}_1{output}}}}}"
    return (
        f"mnistspec: 1\nseed: 9\nmodel: {{kind: functional, inputs: {inputs}, layers: [{layer}, {layer}, {joined}], "
        "outputs: [identity, identity_1]}\n"
    )


def _first_of(inputs: str) -> str:
    return str(next(iter(yaml.safe_load(inputs))))


def _assert_same_model(spec: Path | str) -> None:
    here = ["backend=tensorflow"]  # also what is written for another
    seeded = mnistspec.check(spec, overrides=here).plan().seed is not None
    expected = _facts_of(mnistspec.build(spec, overrides=here) if _fresh() else None)
    before = dict(os.environ)
    script: dict[str, Any] = {"__name__": "script"}
    try:
        _fresh()
        exec(compile(mnistspec.to_python(spec, overrides=here), "script.py", "exec"), script)
        found = _facts_of(script["build_model"]())
    finally:
        os.environ.clear()
        os.environ.update(before)
        _fresh()
    for what, value in expected.items():
        assert found[what] == value or (what == "weights" and not seeded), what


def _fresh() -> bool:
    """As in a new process: Keras counts names from the start."""
    import keras

    keras.utils.clear_session(free_memory=False)
    keras.config.set_dtype_policy("float32")
    return True


def _facts_of(model: Any) -> dict[str, Any]:
    """All that makes a model what it is, in forms that compare exactly."""
    import keras

    variables = [(str(v.dtype), keras.ops.convert_to_numpy(v).tobytes()) for v in model.variables]
    compiled = model.get_compile_config() if model.compiled else None
    return {
        "class": type(model),
        "config": json.dumps(model.get_config(), default=str),
        "weights": variables,
        "trainable": [v.path.removeprefix(f"{model.name}/") for v in model.trainable_variables],
        "compile": json.dumps(compiled, default=str),
        "optimizer": json.dumps(model.optimizer.get_config(), default=str) if model.compiled else None,
    }
