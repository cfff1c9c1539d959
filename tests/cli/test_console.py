from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mnistspec.cli.console import Console
from mnistspec.runs.run import Run

MODEL = {
    "params": 1234567,
    "trainable_params": 1000,
    "nodes": [
        {"name": "stem", "layer": "LSTM", "output_shapes": [[None, 3], [None, 3]], "params": 84, "inputs": ["x", "h"]},
    ],
}
RECORD = {
    "metrics": {"train": {"loss": 0.1}, "validation": None, "test": {"loss": 0.25, "accuracy": float("nan")}},
    "verification": {"model.keras": {"identical": True, "compared": 1000}},
    "exports": {"onnx": {"path": "model.onnx", "compared": 32, "largest_difference": 1.5e-7}},
    "timings": {"fit": 1.25, "total": 10.04},
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, *, quiet: bool = False) -> str:
    """What a whole run prints."""
    console: Any = Console(quiet=quiet, stream=stream)
    console.say("[bold] is no markup, 100%")
    console.model_built(MODEL)
    console.epoch_begins(0, 10, 3)
    console.step_ends(2, {"loss": 1.0})
    console.epoch_ends(0, 2.5, {"loss": 0.5, "val_loss": 0.75})
    console.finished(Run(Path("runs/a/001"), RECORD))
    return stream.getvalue()


def test_a_run_is_told_from_the_model_to_the_proof() -> None:
    text = told(io.StringIO())
    assert "[bold] is no markup, 100%\n" in text
    assert "stem  LSTM   (None, 3), (None, 3)" in text and "x, h" in text
    assert "1,234,567 parameters, 1,000 of them trainable" in text
    assert "epoch  1/10    2.50 s  loss 0.5000  val_loss 0.7500\n" in text
    assert "test        loss 0.2500  accuracy nan" in text and "validation  " not in text
    assert "model.keras, loaded back, predicts the same 1,000 examples bit for bit" in text
    assert "model.onnx, run by itself: 32 examples within 1.5e-07 of the model" in text
    assert "training took 1.2 s of 10.0 s; all of it lies in runs/a/001" in text.replace("\\", "/")


def test_into_a_file_there_is_a_line_an_epoch_and_nothing_live() -> None:
    text = told(io.StringIO())
    assert "\x1b" not in text and "\r" not in text and text.count("epoch") == 1


def test_a_terminal_gets_a_live_line_that_is_taken_down() -> None:
    console: Any = Console(quiet=False, stream=Terminal())
    console.epoch_begins(0, 10, 3)
    assert console.progress is not None
    console.close()
    assert console.progress is None


def test_quiet_says_nothing() -> None:
    assert told(io.StringIO(), quiet=True) == "" and told(Terminal(), quiet=True) == ""


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
def test_a_reader_that_has_gone_stops_nothing() -> None:
    program = (
        "import os, sys, time\n"
        "from mnistspec.cli.console import Console\n"
        "console = Console(quiet=False, stream=sys.stdout)\n"
        "sys.stdin.read()\n"
        "for number in range(3):\n"
        "    console.say('a line')\n"
        "print('still at work', file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout is not None and process.stdin is not None and process.stderr is not None
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == b"still at work\n" and process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_log_on_a_full_disk_is_told_once_and_done_without(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="No space"), Path("/dev/full").open("w") as disk:
        console = Console(quiet=False, stream=disk)
        for _ in range(2):
            console.say("epoch 1/2")
        disk.flush()
    told = capsys.readouterr().err
    assert told.count("it goes on in silence") == 1 and told.count("No space left on device") == 1
