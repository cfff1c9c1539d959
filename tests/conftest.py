"""What tests of several rooms share: the command line as a user calls it, and one small run to ask questions of."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from mnistspec.runs.run import Run

# A shell has what it starts in the background ignore Ctrl-C, and `nohup` a hang-up; so would all that the tests start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# How long a test may take is the benchmarks' affair: a busy machine breaks nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TINY = """
mnistspec: 1
name: tiny
seed: 7
data:
  source: mnist_sample
  limit: {train: 500}
  validation: 0.1
  prepare: {x: [{rescale: 255}]}
model:
  kind: sequential
  layers:
    - Flatten
    - Dense: {units: 32, activation: relu}
    - Dense: {units: 10, activation: softmax}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy, metrics: [accuracy]}
fit: {epochs: 4, batch_size: 20}
"""


@pytest.fixture(autouse=True)
def operations_as_they_come() -> Iterator[None]:
    """A run that is `deterministic` leaves TensorFlow so; the next test in this process is not to meet that."""
    yield
    settings = sys.modules.get("tensorflow.python.framework.config")
    if settings is not None and settings.is_op_determinism_enabled():
        settings.disable_op_determinism()


@dataclass(frozen=True)
class Done:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Calls `mnistspec` with arguments, in this process."""
    from mnistspec.cli import main

    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["mnistspec", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small network trained for some seconds on 450 packaged digits; tests of it are marked `keras`."""
    import mnistspec

    folder: Path = tmp_path_factory.mktemp("tiny")
    return mnistspec.run(TINY, out=folder)
