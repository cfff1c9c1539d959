"""The seed problem by `mnistspec run` and by a plain Keras script, as whole processes in turn."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import mnistspec
from benchmarks.timing import interleaved, print_medians

ROUNDS = 5
_HERE = Path(__file__).resolve().parent


def data_file() -> Path:
    """Full MNIST from Keras' cache, or the digits of the package."""
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    full = home / "datasets" / "mnist.npz"
    return full if full.exists() else Path(mnistspec.__file__).parent / "datasets" / "mnist_sample.npz"


def main() -> None:
    """Prints both medians. The spec also writes reports and proves both saved files; the script does not."""
    data = data_file()
    with tempfile.TemporaryDirectory() as out:
        spec = str(_HERE.parent / "specs" / "mnist-mlp.yaml")
        source = f"data.source={{npz: {{path: '{data}'}}}}"
        commands = {
            "plain Keras script": [sys.executable, str(_HERE / "plain_keras.py"), str(data)],
            "mnistspec run": [sys.executable, "-m", "mnistspec", "run", spec, "--set", source, "--out", out],
        }
        medians = interleaved(commands, ROUNDS)
    print_medians(f"ten epochs of {data.name}, batches of 100, whole process", medians, "plain Keras script")


if __name__ == "__main__":
    main()
