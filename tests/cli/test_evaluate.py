"""`mnistspec evaluate`: the run's own figures again, those of other data, and a word where the data has changed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mnistspec
from mnistspec.datasets.npz_arrays import read_arrays
from mnistspec.datasets.sources.mnist_sample import PATH
from mnistspec.runs.run import Run

SAMPLE = read_arrays(PATH, ["x_test", "y_test"])
PETS = """
mnistspec: 1
name: pets
data: {source: {csv: {path: pets.csv, label: kind, categories: [town]}}, validation: 0.2}
model: {kind: sequential, layers: [Dense: {units: 2, activation: softmax}]}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy, metrics: [accuracy]}
fit: {epochs: 1, batch_size: 8}
outputs: {report: []}
"""

TWO_OUTPUTS = """
mnistspec: 1
name: two
seed: 1
data: {source: mnist_sample, limit: {train: 50, test: 37}, targets: {digit: y, picture: x},
  prepare: {x: [{reshape: [784]}, {rescale: 255}]}}
model: {kind: functional, inputs: {pixels: [784]}, outputs: [digit, picture], layers: [
  {Dense: {units: 10, activation: softmax, name: digit}}, {Dense: {units: 784, name: picture, from: pixels}}]}
compile: {loss: {digit: sparse_categorical_crossentropy, picture: mse}}
fit: {epochs: 1, batch_size: 25}
evaluate: {batch_size: 32}
outputs: {report: []}
"""


def pets(path: Path, rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    lines = [f"{random.normal():.3f},{'XYZ'[random.integers(3)]},{random.choice(['cat', 'dog'])}" for _ in range(rows)]
    path.write_text("\n".join(["size,town,kind", *lines]), "utf-8")


@pytest.mark.keras
@pytest.mark.parametrize("split", ["test", "validation"])
def test_gives_the_figures_of_the_run(command, tiny_run: Run, split: str) -> None:
    done = command("evaluate", tiny_run.folder, "--split", split, "--json")
    found = json.loads(done.out)
    assert found["metrics"] == pytest.approx(tiny_run.metrics[split], rel=1e-5)
    assert found["examples"] == {"test": 1000, "validation": 50}[split] and found["notes"] == []
    assert found["run"] == str(tiny_run.folder) and f"{split} split of mnist_sample" in found["data"]


@pytest.mark.keras
def test_the_table_sets_both_figures_side_by_side(command, tiny_run: Run) -> None:
    lines = command("evaluate", tiny_run.folder.parent).out.splitlines()
    assert "1,000 examples" in lines[0]
    _, now, then = next(line for line in lines if line.startswith("accuracy")).split()
    assert now == then == f"{tiny_run.metrics['test']['accuracy']:.4f}"


@pytest.mark.keras
def test_the_training_split_can_be_measured_too(command, tiny_run: Run) -> None:
    assert json.loads(command("evaluate", tiny_run.folder, "--split", "train", "--json").out)["examples"] == 450


@pytest.mark.keras
def test_other_arrays_are_prepared_as_the_runs_own(command, tiny_run: Run, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", x=SAMPLE["x_test"], y=SAMPLE["y_test"])
    done = command("evaluate", tiny_run.folder, "--data", tmp_path / "mine.npz", "--json", "--batch-size", "100")
    found = json.loads(done.out)
    assert found["metrics"]["accuracy"] == pytest.approx(tiny_run.metrics["test"]["accuracy"], abs=0.002)
    assert found["data"] == str(tmp_path / "mine.npz") and found["examples"] == 1000


@pytest.mark.keras
def test_a_folder_of_photographed_digits(command, tiny_run: Run, tmp_path: Path) -> None:
    for index, (digit, label) in enumerate(zip(SAMPLE["x_test"][:40], SAMPLE["y_test"], strict=False)):
        (tmp_path / "mine" / str(label)).mkdir(parents=True, exist_ok=True)
        large = Image.fromarray(255 - digit).resize((150, 150), Image.Resampling.BICUBIC)
        large.save(tmp_path / "mine" / str(label) / f"{index}.png")
    done = command("evaluate", tiny_run.folder, "--data", tmp_path / "mine", "--json")
    found = json.loads(done.out)
    assert found["examples"] == 40 and found["metrics"]["accuracy"] > 0.6
    assert "40 inverted" in found["notes"][0]


@pytest.mark.keras
@pytest.mark.parametrize("kind", ["stored", "compressed", "pictures"])
def test_many_examples_stay_on_the_disk_and_measure_the_same(
    command, tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    from mnistspec.datasets import npz_streams, own_files
    from mnistspec.datasets.on_disk import FileReader

    path = examples(tmp_path, kind)
    in_memory = json.loads(command("evaluate", tiny_run.folder, "--data", path, "--json").out)
    read: list[int] = []
    reading = FileReader.read
    monkeypatch.setattr(FileReader, "read", lambda self, rows: (read.append(len(rows)), reading(self, rows))[1])
    for module in (own_files, npz_streams):
        monkeypatch.setattr(module, "LARGE", 1000)
    done = command("evaluate", tiny_run.folder, "--data", path, "--json")
    assert json.loads(done.out) == in_memory and sum(read) >= in_memory["examples"]
    assert ("for this run only" in done.err) == (kind != "stored")


def examples(folder: Path, kind: str) -> Path:
    x, y = SAMPLE["x_test"][:45], SAMPLE["y_test"][:45]
    if kind != "pictures":
        save = np.savez if kind == "stored" else np.savez_compressed
        save(folder / "mine.npz", x=x, y=y)
        return folder / "mine.npz"
    for index, (digit, label) in enumerate(zip(x, y, strict=True)):
        (folder / "mine" / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(digit).save(folder / "mine" / str(label) / f"{index}.png")
    return folder / "mine"


@pytest.mark.keras
def test_a_table_is_read_as_in_training_and_a_change_is_told(command, tmp_path: Path) -> None:
    pets(tmp_path / "pets.csv", 60, seed=0)
    (tmp_path / "spec.yaml").write_text(PETS, "utf-8")
    run = mnistspec.run(tmp_path / "spec.yaml", out=tmp_path / "runs")
    done = command("evaluate", run.folder, "--json")
    assert json.loads(done.out)["metrics"] == pytest.approx(run.metrics["test"], rel=1e-5) and not done.err
    pets(tmp_path / "pets.csv", 60, seed=1)
    done = command("evaluate", run.folder)
    assert done.code == 0 and "its digest differs" in done.err
    (tmp_path / "pets.csv").unlink()
    done = command("evaluate", run.folder)
    assert done.code == 2 and "pets.csv: " in done.err and done.out == ""
    pets(tmp_path / "new.csv", 20, seed=2)
    assert "20 examples" in command("evaluate", run.folder, "--data", tmp_path / "new.csv").out


@pytest.mark.keras
@pytest.mark.parametrize("settings", [[], ["compile.steps_per_execution=1"]])
def test_a_smaller_last_batch_counts_as_it_did_in_the_run(command, tmp_path: Path, settings: list[str]) -> None:
    """Of several outputs' losses Keras' own loops, which a run of single steps is left to, have another mean."""
    run = mnistspec.run(TWO_OUTPUTS, overrides=settings, out=tmp_path)
    assert json.loads(command("evaluate", run.folder, "--json").out)["metrics"] == run.metrics["test"]


@pytest.mark.keras
def test_data_that_does_not_fit_is_refused_in_a_sentence(command, tiny_run: Run, tmp_path: Path) -> None:
    for arrays, sentence in [
        ({"x": SAMPLE["x_test"][:5], "y": SAMPLE["y_test"][:5] + 9}, "the labels go from 9 to"),
        ({"x": np.zeros((5, 9, 9), np.uint8), "y": np.zeros(5, int)}, "(28, 28), but these are (9, 9)"),
        ({"x": SAMPLE["x_test"][:5]}, "no array `y` of labels"),
    ]:
        np.savez(tmp_path / "bad.npz", **arrays)
        done = command("evaluate", tiny_run.folder, "--data", tmp_path / "bad.npz")
        assert done.code == 2 and sentence in done.err and done.out == ""


@pytest.mark.keras
def test_a_split_that_the_run_never_had_is_said(command, tmp_path: Path) -> None:
    settings = ["data.source=mnist_sample", "data.limit.train=100", "data.validation=null", "fit.epochs=1"]
    from mnistspec.cli.init import template_text

    run = mnistspec.run(template_text("mlp"), overrides=settings, out=tmp_path)
    done = command("evaluate", run.folder, "--split", "validation")
    assert done.code == 2 and "no validation split; it has train, test" in done.err


def test_what_is_no_run_is_told(command, tmp_path: Path) -> None:
    done = command("evaluate", tmp_path)
    assert done.code == 2 and "no run's folder" in done.err
    assert "test, validation, train" in command("evaluate", tmp_path, "--split", "all").err
    assert "Example: mnistspec evaluate" in command("evaluate", "--help").out


@pytest.mark.keras
def test_ids_beyond_those_learnt_are_told_by_both_commands(command, tmp_path: Path) -> None:
    """On their way through a layer they would give an answer as if nothing were wrong, or a word of the backend's."""
    learnt, y = np.array([[0, 1], [2, 3]] * 20), np.array([0, 1] * 20)
    np.savez(tmp_path / "ids.npz", x_train=learnt, y_train=y, x_test=learnt[:8], y_test=y[:8])
    np.savez(tmp_path / "new.npz", x=learnt[:8] + 2, y=y[:8])
    layers = "[{Embedding: {input_dim: 4, output_dim: 2, name: looked}}, Flatten, {Dense: {units: 2}}]"
    (tmp_path / "ids.yaml").write_text(
        "mnistspec: 1\ndata: {source: {npz: {path: ids.npz}}}\n"
        f"model: {{kind: sequential, layers: {layers}}}\n"
        "compile: {loss: {SparseCategoricalCrossentropy: {from_logits: true}}}\n"
        "fit: {epochs: 1}\noutputs: {report: []}\n"
    )
    run = mnistspec.run(tmp_path / "ids.yaml", out=tmp_path)
    told = f"error: `input` of {tmp_path / 'new.npz'} has the id 5, but `looked` takes the ids 0 to 3.\n"
    for words in (("evaluate", run.folder, "--data"), ("predict", run.folder)):
        done = command(*words, tmp_path / "new.npz")
        assert (done.code, done.err) == (2, told)
