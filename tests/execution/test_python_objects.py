"""Runs of specs that name Python code: proven, recorded, and used again only where code is allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mnistspec
from mnistspec.diagnostics import SpecRefused

from .small import SOFTMAX, proven, spec_text

pytestmark = pytest.mark.keras

_CODE = """\
import keras

class Core(keras.Layer):
    def call(self, x):
        return x * 2.0

class Gate(keras.Layer):
    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.dense, self.core = keras.layers.Dense(units), Core()
        self.units = units

    def build(self, shape):
        self.dense.build(shape)
        super().build(shape)

    def call(self, x):
        return self.core(self.dense(x))

    def get_config(self):
        return {**super().get_config(), "units": self.units}

class Silent(keras.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)

    def call(self, x):
        return x

class Focal(keras.losses.Loss):
    def __init__(self, gamma=2.0, **kwargs):
        super().__init__(**kwargs)
        self.gamma = gamma

    def call(self, labels, found):
        return keras.losses.sparse_categorical_crossentropy(labels, found) * self.gamma

    def get_config(self):
        return {**super().get_config(), "gamma": self.gamma}

def hits(labels, found):
    return keras.metrics.sparse_categorical_accuracy(labels, found)

def squash(x):
    return keras.ops.tanh(x)

def start(shape, dtype=None):
    return keras.ops.ones(shape, dtype) * 0.01

def small(weights):
    return 1e-4 * keras.ops.sum(keras.ops.square(weights))

def held(weights):
    return keras.ops.clip(weights, -1, 1)

def watcher():
    return keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: None)
"""
_DENSE = (
    "{Dense: {units: 12, activation: {python: {object: 'MODULE:squash'}}, "
    "kernel_initializer: {python: {object: 'MODULE:start'}}, kernel_regularizer: {python: {object: 'MODULE:small'}}, "
    "kernel_constraint: {python: {object: 'MODULE:held'}}}}"
)


def spec_in(folder: Path, module: str, layer: str = "Gate', arguments: {units: 6}") -> Path:
    """A spec beside a module of its own, which it names in every place that it can."""
    (folder / f"{module}.py").write_text(_CODE)
    text = spec_text(
        name="own",
        layers=f"[Flatten, {_DENSE}, {{python: {{object: 'MODULE:{layer}}}}}, {{{SOFTMAX}}}]",
        compile="optimizer: adam, loss: {python: {object: 'MODULE:Focal', arguments: {gamma: 1.5}}}, "
        "metrics: [accuracy, {python: {object: 'MODULE:hits'}}]",
        fit="epochs: 1, batch_size: 20, callbacks: [{python: {object: 'MODULE:watcher'}}]",
    )
    path = folder / "own.yaml"
    path.write_text(text.replace("MODULE", module))
    return path


def test_a_run_of_own_code_is_proven_and_used_again_where_code_is_allowed(command, tmp_path: Path) -> None:
    spec = spec_in(tmp_path, "own_gates")
    run = mnistspec.run(spec, out=tmp_path / "runs", allow_code=True)
    assert proven(run)
    record = json.loads((run.folder / "run.json").read_text())
    assert list(record["python"]) == ["own_gates"] and len(record["python"]["own_gates"]) == 64
    refused = command("evaluate", run.folder)
    assert refused.code == 2 and "`--allow-code` lets it be imported" in refused.err
    assert command("evaluate", run.folder, "--allow-code").code == 0
    assert "E210" in command("verify", run.folder).err
    assert command("verify", run.folder, "--allow-code").code == 0
    (tmp_path / "own_gates.py").write_text(_CODE + "\n")
    changed = command("evaluate", run.folder, "--allow-code")
    assert changed.code == 2 and "the code of `own_gates` was changed" in changed.err


def test_a_layer_that_keras_cannot_save_is_told_before_the_training(tmp_path: Path) -> None:
    spec = spec_in(tmp_path, "own_silent", layer="Silent', arguments: {units: {python: {object: 'MODULE:squash'}}}")
    with pytest.raises(SpecRefused, match="needs a `get_config` that returns its arguments"):
        mnistspec.run(spec, out=tmp_path / "runs", allow_code=True)


def test_the_script_imports_the_code(tmp_path: Path) -> None:
    spec = spec_in(tmp_path, "own_script")
    text = mnistspec.to_python(spec, allow_code=True)
    assert text.count("import own_script\n") == 1 and "from own_script" not in text
    assert "own_script" not in sys.modules
    (tmp_path / "script.py").write_text(text)
    sample = Path(mnistspec.__file__).parent / "datasets" / "mnist_sample.npz"
    (tmp_path / "mnist_sample.npz").symlink_to(sample)
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "both predict the same" in done.stdout
