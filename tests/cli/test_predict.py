"""`mnistspec predict`: the same answers for a digit's picture as for its array, in three forms."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnistspec.datasets.npz_arrays import read_arrays
from mnistspec.datasets.sources.mnist_sample import PATH
from mnistspec.runs.run import Run

SAMPLE = read_arrays(PATH, ["x_test", "y_test"])
# A process without what the light install leaves out; its arguments are the command's.
LIGHT = """
import sys
sys.modules.update(dict.fromkeys(["numpy", "keras", "PIL", "tensorflow"]))
from mnistspec.cli import main
main()
"""


def picture(digit: np.ndarray, folder: Path, name: str, side: int, *, dark: bool, margin: int = 0) -> None:
    """A digit's array as a picture file, larger, black on white if `dark`, with a margin on two sides."""
    drawn = np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))
    sheet = np.zeros((side + margin, side + 2 * margin), np.uint8)
    sheet[margin:, margin : margin + side] = drawn
    Image.fromarray(255 - sheet if dark else sheet).save(folder / name)


def labels(done: object) -> list[str]:
    return [entry["outputs"]["dense_1"]["label"] for entry in json.loads(done.out)]


@pytest.mark.keras
def test_pictures_of_digits_get_the_answers_of_their_arrays(command, tiny_run: Run, tmp_path: Path) -> None:
    digits = SAMPLE["x_test"][:50]
    np.save(tmp_path / "arrays.npy", digits)
    (tmp_path / "pictures").mkdir()
    for index, digit in enumerate(digits):
        name = f"{index}.{'jpg' if index % 3 == 0 else 'png'}"
        side = (28, 45, 120, 333, 900)[index % 5]
        picture(digit, tmp_path / "pictures", name, side, dark=index % 2 == 0, margin=(index % 4) * side // 8)
    from_arrays = labels(command("predict", tiny_run.folder, tmp_path / "arrays.npy", "--format", "json"))
    done = command("predict", tiny_run.folder, tmp_path / "pictures", "--format", "json")
    agreeing = [one == other for one, other in zip(from_arrays, labels(done), strict=True)]
    assert sum(agreeing) >= 45
    right = [int(label) == true for label, true in zip(from_arrays, SAMPLE["y_test"], strict=False)]
    assert sum(right) >= 35
    said = {Path(entry["input"]).stem: entry["said"] for entry in json.loads(done.out)}
    assert "centred" in said["1"] and said["0"] == "inverted (black on white)"  # 45 by 45 pixels, and 28 by 28


@pytest.mark.keras
def test_the_answers_are_those_of_the_run_itself(command, tiny_run: Run, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=SAMPLE["x_test"][:100])
    done = command("predict", tiny_run.folder.parent, tmp_path / "a.npz", "--format", "json", "--top", "10")
    entries = json.loads(done.out)
    kept = np.load(tiny_run.folder / "predictions.npz")["prediction_dense_1"][:100]
    assert [entry["outputs"]["dense_1"]["class"] for entry in entries] == kept.argmax(axis=1).tolist()
    first = {choice["label"]: choice["probability"] for choice in entries[0]["outputs"]["dense_1"]["top"]}
    assert [first[str(digit)] for digit in range(10)] == pytest.approx(kept[0].tolist(), rel=1e-4)
    assert [entry["row"] for entry in entries] == list(range(100))
    assert {entry["input"] for entry in entries} == {str(tmp_path / "a.npz")}


@pytest.mark.keras
def test_the_table_tells_what_was_done_and_stops_after_fifty(command, tiny_run: Run, tmp_path: Path) -> None:
    picture(SAMPLE["x_test"][7], tmp_path, "seven.png", 200, dark=True)
    done = command("predict", tiny_run.folder, tmp_path / "seven.png")
    (row,) = done.out.splitlines()[2:]
    assert "7" in row.split()[1] and "inverted (black on white); cropped; scaled" in row and row.count("%") == 3
    np.save(tmp_path / "many.npy", SAMPLE["x_test"][:60])
    lines = command("predict", tiny_run.folder, tmp_path / "many.npy").out.splitlines()
    assert len(lines) == 2 + 50 + 2 and "10 more" in lines[-1]


@pytest.mark.keras
def test_csv_has_a_line_for_every_example(command, tiny_run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "many.npy", SAMPLE["x_test"][:60])
    done = command("predict", tiny_run.folder, tmp_path / "many.npy", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0]) == ["input", "row", "output", "label", "probability"]
    assert [int(row["row"]) for row in rows] == list(range(60))
    assert all(0 < float(row["probability"]) <= 1 and row["label"] in "0123456789" for row in rows)


@pytest.mark.keras
@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_many_examples_are_read_a_part_at_a_time_and_answered_the_same(
    command, tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    from mnistspec.datasets import npz_streams, raw_input
    from mnistspec.runs import inputs

    np.savez_compressed(tmp_path / "a.npz", x=SAMPLE["x_test"][:41])
    np.save(tmp_path / "b.npy", SAMPLE["x_test"][41:88])
    for index in range(5):
        picture(SAMPLE["x_test"][index], tmp_path, f"{index}.png", 60, dark=True)
    given = [tmp_path / "a.npz", tmp_path / "b.npy", *(tmp_path / f"{index}.png" for index in range(5))]
    at_once = command("predict", tiny_run.folder, *given, "--format", form)
    parts: list[int] = []
    reading = inputs.Inputs._part
    monkeypatch.setattr(inputs.Inputs, "_part", lambda self, *ends: (parts.append(ends[0]), reading(self, *ends))[1])
    monkeypatch.setattr(inputs, "_AT_ONCE", 1)
    for module in (npz_streams, raw_input):
        monkeypatch.setattr(module, "LARGE", 1000)
    in_parts = command("predict", tiny_run.folder, *given, "--format", form)
    assert in_parts.out == at_once.out and in_parts.code == at_once.code == 0
    assert parts == ([0, 32] if form == "table" else [0, 32, 64])
    assert "unpacking `x`" in in_parts.err


@pytest.mark.keras
def test_what_was_answered_before_a_damaged_picture_is_there(
    command, tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(33):
        picture(SAMPLE["x_test"][0], tmp_path, f"{index}.png", 28, dark=True)
    (tmp_path / "32.png").write_bytes(b"hello")
    monkeypatch.setattr("mnistspec.runs.inputs._AT_ONCE", 1)
    done = command("predict", tiny_run.folder, tmp_path, "--format", "csv")
    assert done.code == 2 and "32.png: cannot be read as a picture" in done.err
    assert len(done.out.splitlines()) == 33


@pytest.mark.keras
def test_an_empty_sheet_is_told(command, tiny_run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), "white").save(tmp_path / "white.png")
    done = command("predict", tiny_run.folder, tmp_path / "white.png")
    assert done.code == 0 and "blank" in done.out


@pytest.mark.keras
def test_inputs_that_do_not_fit_are_refused_in_a_sentence(command, tiny_run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "small.npy", np.zeros((3, 5, 5), np.uint8))
    (tmp_path / "text.png").write_bytes(b"hello")
    for name, sentence in [
        ("small.npy", "Examples of `x` are (28, 28), but these are (5, 5)"),
        ("text.png", "cannot be read as a picture"),
        ("none.png", "there is no such file"),
    ]:
        done = command("predict", tiny_run.folder, tmp_path / name)
        assert done.code == 2 and sentence in done.err and done.out == ""


def test_what_is_no_run_or_no_option_is_told(command: Callable[..., object], tmp_path: Path) -> None:
    done = command("predict", tmp_path, "a.png")
    assert done.code == 2 and "no run's folder" in done.err
    assert "table, json, csv" in command("predict", tmp_path, "a.png", "--format", "xml").err
    assert "auto, yes, no" in command("predict", tmp_path, "a.png", "--invert", "maybe").err
    assert command("predict", tmp_path).code == 2


def test_help_has_an_example(command) -> None:
    assert "Example: mnistspec predict" in command("predict", "--help").out


@pytest.mark.parametrize(("name", "inputs"), [("predict", ["a.png"]), ("evaluate", [])])
def test_the_light_install_says_what_is_missing(name: str, inputs: list[str], tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 1, "status": "finished"}', "utf-8")
    arguments = [sys.executable, "-c", LIGHT, name, str(tmp_path), *inputs]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 2 and "pip install 'mnistspec[cpu]'" in done.stderr and "Traceback" not in done.stderr


def test_importing_the_command_line_is_light() -> None:
    code = "import sys, mnistspec.cli; print(sorted({'numpy', 'PIL', 'keras', 'tensorflow'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
