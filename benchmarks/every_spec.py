"""Every spec in `specs/`: its training by `mnistspec run` and by Keras' own loop, in turn."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import mnistspec
from benchmarks.in_process import SPECS
from benchmarks.whole_command import data_file

ROUNDS = 3
_PLAIN = Path(__file__).resolve().parent / "plain_fit.py"


def main() -> None:
    """Prints medians of the training's seconds, and how many times as fast as Keras' own loop `mnistspec run` is."""
    print(f"training of every spec in specs/, MNIST from {data_file().name}")
    print(f"  {'':<24}{'Keras':>10}{'run':>12}{'times as fast':>16}")
    for spec in SPECS:
        both = [(_by_keras(spec), _by_run(spec)) for _ in range(ROUNDS)]
        keras, run = (statistics.median(seconds) for seconds in zip(*both, strict=True))
        print(f"  {spec.stem:<24}{keras:8.2f} s{run:10.2f} s{keras / run:16.2f}", flush=True)


def _settings(spec: Path) -> list[str]:
    checked = mnistspec.check(spec).spec
    assert checked is not None and checked.data is not None
    is_mnist = checked.data.source.name == "mnist"
    return [f"data.source={{npz: {{path: '{data_file()}'}}}}"] if is_mnist else []


def _by_keras(spec: Path) -> float:
    printed = _output([sys.executable, str(_PLAIN), str(spec), *_settings(spec)])
    return float(re.findall(r"^fit (.*)$", printed, re.M)[0])


def _by_run(spec: Path) -> float:
    settings = [word for setting in _settings(spec) for word in ("--set", setting)]
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "mnistspec", "run", str(spec), *settings, "--out", out, "--json"]
        seconds: float = json.loads(_output(command))["timings"]["fit"]
    return seconds


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


if __name__ == "__main__":
    main()
