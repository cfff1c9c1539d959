"""Scripts that keep what the spec has: blocks as functions, repeats as loops, variables as constants."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

import mnistspec

from .drawn_specs import drawn_text, spec_texts
from .test_python_source import ROOT, _assert_same_model

_HEAD = "mnistspec: 1\nname: drawn\n"


def _model(text: str) -> str:
    """The script of a spec from its constants to the model."""
    script = mnistspec.to_python(text)
    return script[script.index("SEED = ") : script.index("    return keras.Model(")]


def test_blocks_and_repeats_read_as_a_person_would_write_them() -> None:
    script = mnistspec.to_python(ROOT / "specs/mnist-resnet.yaml")
    assert "WIDTH = 16\nDEPTH = 2\n" in script
    assert (
        '''
def residual(inputs, filters, name, stride=1):
    """The block `residual`."""
    x = convolution(inputs, filters, stride=stride, name=f"{name}__first")
    x = layers.ReLU(name=f"{name}__re_lu")(x)
    second = convolution(x, filters, name=f"{name}__second")
    skip = convolution(inputs, filters, kernel=1, stride=stride, name=f"{name}__skip")
    x = layers.Add(name=f"{name}__add")([second, skip])
    return layers.ReLU(name=f"{name}__re_lu_1")(x)
'''
        in script
    )
    assert (
        """
    stem = convolution(inputs, WIDTH, name="stem")
    x = layers.ReLU()(stem)
    for i in range(DEPTH):
        x = residual(x, WIDTH * 2**i, stride=2, name=f"stage_{i}")
    x = layers.GlobalAveragePooling2D()(x)
"""
        in script
    )


def test_what_turns_leave_for_later_is_kept_in_a_list() -> None:
    assert """
    members = []
    for i in range(3):
        x = layers.Dense(64 * 2**i, activation="relu", name=f"hidden_{i}")(pixels)
        x = layers.Dropout(0.2)(x)
        x = layers.Dense(10, activation="softmax", name=f"member_{i}")(x)
        members.append(x)
    digit = layers.Average(name="digit")(members)
""" in mnistspec.to_python(ROOT / "specs/mnist-ensemble.yaml")


def test_a_list_of_layers_is_added_to_in_loops_and_by_functions() -> None:
    script = mnistspec.to_python(ROOT / "tests/golden/ok/blocks-in-a-sequential-model.yaml")
    assert (
        '''
def dense(model, name, units=8, rate=0.5):
    """The block `dense`."""
    model.add(layers.Dense(units, activation="relu", name=f"{name}__dense"))
'''
        in script
    )
    assert (
        """
    for i in range(2):
        dense(model, units=8 * 2**i, name=numbered("dense", i))
    dense(model, name="last")
"""
        in script
    )


def test_constants_are_the_variables_that_the_script_needs() -> None:
    script = mnistspec.to_python(
        _HEAD + "vars: {rate: 0.01, rounds: 2, twice: '${rounds * 2}', seed: 5, unused: 1, size: [3, '${rounds}']}\n"
        "seed: '${seed}'\n"
        "data: {source: mnist_sample}\n"
        "model: {kind: sequential, layers: [{Reshape: {target_shape: [784]}}, {Dense: {units: '${rounds + 8}'}}]}\n"
        "compile: {optimizer: {SGD: {learning_rate: '${rate}'}}, loss: sparse_categorical_crossentropy}\n"
        "fit: {epochs: '${twice}', callbacks: [{EarlyStopping: {patience: '${rounds}'}}]}\n"
    )
    assert "RATE = 0.01\nROUNDS = 2\nTWICE = ROUNDS * 2\n" in script
    assert "SGD(learning_rate=RATE)" in script and "epochs=TWICE," in script
    assert "EarlyStopping(patience=ROUNDS)" in script and "layers.Dense(ROUNDS + 8)" in script
    assert script.count("SEED = ") == 1 and "UNUSED" not in script and "SIZE" not in script


@pytest.mark.parametrize(
    ("block", "uses"),
    [
        ("needs: [c], layers: [Flatten, {repeat: {times: '${c}', layers: [{Dense: {units: 2}}]}}]", ["c: 1", "c: 3"]),
        (
            "needs: [c], layers: [{Dense: {units: 2, bias_initializer: '${c}'}}]",
            ["c: {Constant: {value: 1}}", "c: ones"],
        ),
        ("layers: [{Dense: {units: 2, name: own}}, '${kind}'], needs: [kind]", ["kind: ReLU", "kind: Softmax"]),
    ],
    ids=["another-length", "an-object", "another-layer"],
)
def test_a_block_whose_uses_differ_too_much_is_written_out(block: str, uses: list[str]) -> None:
    listed = ", ".join(f"{{use: {{block: one, with: {{{given}}}}}}}" for given in uses)
    spec = f"{_HEAD}blocks: {{one: {{{block}}}}}\nmodel: {{kind: functional, inputs: {{a: [2]}}, layers: [{listed}]}}\n"
    assert "def one(" not in mnistspec.to_python(spec)


def test_a_function_returns_all_that_is_read_from_outside_after_one_of_its_uses() -> None:
    spec = (
        "blocks: {one: {layers: [{Dense: {units: 2}}, ReLU]}}\nmodel: {kind: functional, inputs: {a: [2]}, layers: "
        "[{use: {block: one}}, {use: {block: one}}, {Add: {from: [one/dense, one_1]}}]}\n"
    )
    model = _model(_HEAD + spec)
    assert '    dense = layers.Dense(2, name=f"{name}__dense")(x)\n' in model and "    return dense, x\n" in model
    assert '    dense, re_lu = one(a, name="one")\n    _, x = one(re_lu, name="one_1")\n' in model
    assert "layers.Add()([dense, x])" in model


def test_a_block_that_is_joined_to_its_names_in_two_ways_is_written_out() -> None:
    spec = (
        "blocks: {one: {layers: [{Dense: {units: 2}}]}}\nmodel: {kind: functional, inputs: {a: [2]}, layers: "
        "[{use: {block: one, name: first}}, {use: {block: one, prefix: second_}}]}\n"
    )
    model = _model(_HEAD + spec)
    assert "def one(" not in model and 'name="first__dense"' in model and 'name="second_dense"' in model


def test_turns_that_reach_back_further_are_written_out() -> None:
    spec = (
        "model: {kind: functional, inputs: {a: [2]}, layers: [{Dense: {units: 2, name: d_0}}, {Dense: {units: 2, name: "
        "d_1}}, {repeat: {times: 3, layers: [{Add: {from: ['d_${i}', 'd_${i + 1}'], name: 'd_${i + 2}'}}]}}]}\n"
    )
    assert "for " not in _model(_HEAD + spec)


def test_a_node_is_not_called_as_the_count_of_a_loop() -> None:
    layers = "{Dense: {units: 2, name: i}}, {repeat: {times: 2, layers: [{Dense: {units: '${i + 2}'}}]}}, {Add: {from: "
    spec = f"model: {{kind: functional, inputs: {{j: [2]}}, layers: [{layers}[i, j]}}}}]}}\n"
    model = _model(_HEAD + spec)
    assert 'i_2 = layers.Dense(2, name="i")(j_2)' in model and "layers.Add()([i_2, j_2])" in model


@settings(max_examples=60, deadline=None)
@given(spec_texts())
def test_drawn_specs_have_scripts_that_compile(text: str) -> None:
    if mnistspec.check(text).ok:
        compile(mnistspec.to_python(text), "script.py", "exec")


def test_scripts_of_drawn_specs_are_formatted(tmp_path: Path) -> None:
    for seed in range(60):
        text = drawn_text(seed, "sequential" if seed % 3 else "functional")
        if mnistspec.check(text).ok:
            (tmp_path / f"script_{seed}.py").write_text(mnistspec.to_python(text), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", "--diff", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.keras
@pytest.mark.parametrize(("name", "lines"), [("ResNet50", 110), ("MobileNetV2", 150)])
def test_the_script_of_an_imported_model_is_as_short_as_a_person_would_write_it(name: str, lines: int) -> None:
    import keras

    keras.utils.clear_session(free_memory=False)
    made = getattr(keras.applications, name)(weights=None, input_shape=(32, 32, 3), include_top=False)
    text = mnistspec.from_keras(made)
    assert mnistspec.to_python(text).count("\n") < lines
    _assert_same_model(text)


@pytest.mark.keras
@settings(max_examples=25, deadline=None)
@given(spec_texts())
def test_scripts_of_drawn_specs_build_what_mnistspec_builds(text: str) -> None:
    if mnistspec.check(text).ok:
        _assert_same_model(text)


@pytest.mark.keras
@settings(max_examples=10, deadline=None)
@given(spec_texts("sequential"))
def test_scripts_of_drawn_lists_build_what_mnistspec_builds(text: str) -> None:
    if mnistspec.check(text).ok:
        _assert_same_model(text)
