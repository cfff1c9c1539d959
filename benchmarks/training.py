"""Training by `mnistspec run` and by plain Keras scripts, as whole processes in turn.

The specs are in `workloads/`, the scripts in `plain_training.py`. Also printed: the peak of memory beside the script's,
and which share of the machine's own matrix-product rate the training reaches.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mnistspec
from benchmarks.whole_command import data_file

ROUNDS = 5
# The packages that Keras' backends are in, of which those that are installed are measured.
BACKENDS = ("tensorflow", "jax", "torch")
_HERE = Path(__file__).resolve().parent
_SPECS = sorted((_HERE / "workloads").glob("*.yaml"))
_SIZE = 2048
# The rate of the machine's own matrix product (operations a second), the best of several.
_PRODUCT = f"""
import time
import keras
one, other = (keras.random.normal(({_SIZE}, {_SIZE})) for _ in range(2))
def rate():
    started = time.perf_counter()
    keras.ops.convert_to_numpy(one @ other)
    return 2 * {_SIZE} ** 3 / (time.perf_counter() - started)
print(max(rate() for _ in range(8)))
"""


@dataclass(frozen=True)
class Taken:
    """One process: seconds of its fit and of the whole, and its peak of memory (bytes)."""

    fit: float
    whole: float
    peak: float


def main(backends: Sequence[str] = ("tensorflow",)) -> None:
    """Prints medians and how many times as fast as the script `mnistspec run` is, a table a backend."""
    for backend in backends:
        if importlib.util.find_spec(backend) is None:
            print(f"without {backend}: it is not installed")
        else:
            _table(backend)


def _table(backend: str) -> None:
    rate = float(_output([sys.executable, "-c", _PRODUCT], backend))
    product = f"matrix products run at {rate / 1e9:.0f} GFLOP/s"
    print(f"training on {data_file().name} with {backend}, batches of 100; {product}")
    columns = ("script: fit", "whole", "run: fit", "whole", "fit x", "whole x", "peak x", "share")
    print(f"  {'':<12}" + "".join(f"{column:>12}" for column in columns))
    for spec in _SPECS:
        script, run = _compared(spec, backend)
        share = _operations(spec) / run.fit / rate
        seconds = "".join(f"{value:10.2f} s" for value in (script.fit, script.whole, run.fit, run.whole))
        faster = f"{script.fit / run.fit:12.2f}{script.whole / run.whole:12.2f}"
        print(f"  {spec.stem:<12}{seconds}{faster}{run.peak / script.peak:12.2f}{share:12.0%}")


def _compared(spec: Path, backend: str) -> tuple[Taken, Taken]:
    """The medians of the script and of the run, in turn, after a round that does not count."""
    both: list[tuple[Taken, Taken]] = [(_script(spec, backend), _run(spec, backend)) for _ in range(ROUNDS + 1)]
    scripts, runs = zip(*both[1:], strict=True)
    return _median(scripts), _median(runs)


def _script(spec: Path, backend: str) -> Taken:
    command = [sys.executable, str(_HERE / "plain_training.py"), spec.stem, str(data_file())]
    out, whole, peak = _timed(command, backend)
    return Taken(float(re.findall(r"^fit (.*)$", out, re.M)[0]), whole, peak)


def _run(spec: Path, backend: str) -> Taken:
    source = f"data.source={{npz: {{path: '{data_file()}'}}}}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mnistspec", "run", str(spec), "--set", source, "--out", folder, "--json"]
        out, whole, peak = _timed([*command, "--backend", backend], backend)
    return Taken(json.loads(out)["timings"]["fit"], whole, peak)


def _timed(command: Sequence[str], backend: str) -> tuple[str, float, float]:
    """What a process prints, its seconds, and its peak of memory."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=_on(backend))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        whole = time.perf_counter() - started
        assert process.returncode == 0, f"{' '.join(command)} ended with {process.returncode}"
        out.seek(0)
        return out.read(), whole, float(used.ru_maxrss)


def _output(command: Sequence[str], backend: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=_on(backend)).stdout


def _on(backend: str) -> dict[str, str]:
    """The environment in which a script's Keras runs on a backend."""
    return {**os.environ, "KERAS_BACKEND": backend}


def _operations(spec: Path) -> float:
    """Operations of all forward and backward passes: about three times those of the forward ones."""
    checked = mnistspec.check(spec)
    assert checked.graph is not None and checked.spec is not None and checked.spec.fit is not None
    examples = 54_000 if data_file().name == "mnist.npz" else 4_500
    return 3.0 * (checked.graph.flops or 0) * examples * checked.spec.fit.epochs


def _median(taken: Sequence[Taken]) -> Taken:
    return Taken(*(statistics.median(values) for values in _columns(taken)))


def _columns(taken: Sequence[Taken]) -> Iterator[list[float]]:
    for name in ("fit", "whole", "peak"):
        yield [getattr(one, name) for one in taken]


if __name__ == "__main__":
    main()
