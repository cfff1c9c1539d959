"""Scripts at work: what they load is what a run loads, and what they save is what they trained."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnistspec
from mnistspec.datasets import keras_sets
from mnistspec.datasets.cached_files import FileState

pytestmark = pytest.mark.keras

_KERAS_SET = """
mnistspec: 1
seed: 3
data: {{source: {source}, validation: 0.1, limit: {{train: 100}}, prepare: {{x: {steps}, y: {labels}}}}}
model: {{kind: sequential, input: {shape}, layers: [Flatten, {{Dense: {{units: 1}}}}]}}
compile: {{loss: mse}}
fit: {{}}
"""
SPECS = sorted(Path(__file__).with_name("scripts_with_data").glob("*.yaml"))
HELD_OUT = Path(__file__).with_name("scripts_with_data") / "pictures-held-out.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the specs read."""
    from .script_data import make_files

    made: Path = tmp_path_factory.mktemp("data")
    make_files(made)
    return made


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the data as the working directory."""
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_script_loads_the_arrays_that_a_run_trains_on(here: Path, path: Path) -> None:
    _assert_same_arrays(path.read_text("utf-8"))


def _assert_same_arrays(text: str) -> None:
    found, expected = _of_the_script(text), list(_of_a_run(text))
    assert len(found) == len(expected)
    for pair, wanted in zip(found, expected, strict=True):
        for some, others in zip(pair, wanted, strict=True):
            _assert_equal(some, others)


def _of_the_script(text: str, *overrides: str) -> Any:
    script: dict[str, Any] = {"__name__": "script"}
    exec(compile(mnistspec.to_python(text, overrides=overrides), "script.py", "exec"), script)
    return script["load_data"]()


def _of_a_run(text: str, *overrides: str) -> Iterator[tuple[Any, Any]]:
    """The inputs and targets of each split as training takes them."""
    from mnistspec.datasets import load, targets_for
    from mnistspec.exporters.keras_model import build_model
    from mnistspec.training.examples import examples_of

    result = mnistspec.check(text, overrides=overrides)
    assert result.spec is not None and result.spec.data is not None and result.spec.seed is not None
    plan = result.plan()
    model = build_model(plan)
    data = load(result.spec.data, seed=result.spec.seed, folder=Path(), say=lambda _: None)
    for split in (data.train, data.validation, data.test):
        if split is not None:
            targets = targets_for(split, result.spec.data.targets, plan.output_names)
            examples = examples_of(model, split, targets, tuple(given.name for given in plan.inputs))
            yield examples.x, examples.y


def _assert_equal(some: Any, others: Any) -> None:
    if isinstance(others, dict):
        assert some.keys() == others.keys()
        for name, other in others.items():
            _assert_equal(some[name], other)
        return
    first, second = np.asarray(some), np.asarray(others)
    assert first.dtype == second.dtype
    np.testing.assert_array_equal(first, second)


def _sequences() -> tuple[Any, Any]:
    random = np.random.default_rng(1)
    ragged = np.empty(150, dtype=object)
    ragged[:] = [list(map(int, random.integers(1, 50, size))) for size in random.integers(1, 12, 150)]
    return (ragged, random.integers(0, 2, 150)), (ragged[:40], random.integers(0, 2, 40))


def _colours() -> tuple[Any, Any]:
    random = np.random.default_rng(2)
    pictures = random.integers(0, 256, (150, 32, 32, 3), dtype="uint8")
    labels = random.integers(0, 10, (150, 1)).astype("uint8")
    return (pictures, labels), (pictures[:30], labels[:30])


def _prices() -> tuple[Any, Any]:
    random = np.random.default_rng(3)
    x, y = random.normal(size=(150, 8)).astype("float32"), random.normal(size=150).astype("float32")
    return (x, y), (x[:30], y[:30])


@pytest.mark.parametrize(
    ("name", "arrays", "source", "steps", "labels", "shape"),
    [
        ("imdb", _sequences, "{imdb: {num_words: 50}}", "[{pad_sequences: {maxlen: 6, value: 1}}]", "[]", "[6]"),
        ("reuters", _sequences, "{reuters: {test_split: 0.3}}", "[{pad_sequences: {truncating: post}}]", "[]", "[11]"),
        ("cifar10", _colours, "cifar10", "[grayscale]", "[one_hot]", "[32, 32, 1]"),
        ("california_housing", _prices, "{california_housing: {version: small}}", "[standardize]", "[normalize]",
         "[8]"),
    ],
)  # fmt: skip
def test_the_script_asks_keras_for_its_data_sets_as_a_run_does(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    arrays: Callable[[], Any],
    source: str,
    steps: str,
    labels: str,
    shape: str,
) -> None:
    import keras

    asked: list[dict[str, Any]] = []

    def load_data(**options: Any) -> Any:
        asked.append(options)
        return arrays()

    monkeypatch.setattr(getattr(keras.datasets, name), "load_data", load_data)
    monkeypatch.setattr(keras_sets, "ensure_files", lambda *_: (FileState.GOOD,))
    _assert_same_arrays(_KERAS_SET.format(source=source, steps=steps, labels=labels, shape=shape))
    script, run = asked
    assert script.items() <= run.items()


@pytest.mark.parametrize("steps", ["{resize: [4, 7]}", "{rescale: 255}, {resize: [40, 9]}"])
def test_resized_pictures_are_those_of_a_run(steps: str, here: Path) -> None:
    given = HELD_OUT.read_text("utf-8"), f"data.prepare.x=[{steps}]"
    for (pictures, _), (expected, _) in zip(_of_the_script(*given), _of_a_run(*given), strict=True):
        assert pictures.dtype == expected.dtype and pictures.shape == expected.shape
        assert pictures.tobytes() == expected.tobytes()


_ALONE = """
import runpy, socket, sys, warnings

def refuse(*_):
    raise OSError("no network in this test")

socket.socket.connect = refuse
sys.modules["mnistspec"] = None
warnings.simplefilter("error", UserWarning)
import keras

for script in sys.argv[1:]:
    keras.utils.clear_session(free_memory=False)
    keras.config.set_dtype_policy("float32")
    print(script)
    runpy.run_path(script, run_name="__main__")
"""


@pytest.fixture(scope="module")
def scripts(folder: Path) -> list[str]:
    """The names of the scripts of all specs, written beside their data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for path in SPECS:
            Path(f"{path.stem}.py").write_text(mnistspec.to_python(path.read_text("utf-8")), encoding="utf-8")
    return [f"{path.stem}.py" for path in SPECS]


def test_scripts_train_and_save_without_mnistspec_and_network(folder: Path, scripts: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", _ALONE, *scripts]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert done.stdout.count("loaded again, ") == len(scripts)
    assert {"model.keras", "model.weights.h5", "predictions.npz"} <= {p.name for p in (folder / "limits").iterdir()}
    assert (folder / "callbacks/best.keras").is_file() and (folder / "callbacks/logs/a.csv").is_file()
    assert not (folder / "answers-by-chance/predictions.npz").exists()


def test_scripts_with_data_are_formatted_too(folder: Path, scripts: list[str]) -> None:
    comments = ["--config", "lint.pycodestyle.max-doc-length=88", "--extend-select", "W505"]
    checks = ["check", "--extend-select", "I,B,UP,C4,SIM,PTH,PIE,RET504", *comments]
    for command in (["format", "--check", "--diff"], checks):
        ruff = [sys.executable, "-m", "ruff", command[0], "--isolated", "--no-cache", "--target-version", "py311"]
        done = subprocess.run([*ruff, *command[1:], *scripts], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
