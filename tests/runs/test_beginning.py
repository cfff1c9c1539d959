"""What lies in a run's folder before Keras is imported."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mnistspec
from mnistspec.runs.beginning import begin, first_record
from mnistspec.runs.folder import digest_of, new_folder
from mnistspec.runs.resuming import changes, require_written_spec, run_to_resume

_SPEC = """
mnistspec: 1
name: tiny
seed: null
data: {source: mnist_sample, limit: {train: 200, test: 60}, prepare: {x: [{rescale: 255}]}}
model: {kind: sequential, layers: [Flatten, {Dense: {units: 10, activation: softmax}}]}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy}
fit: {epochs: 1}
"""
# Runs mnistspec in a process that dies as soon as it would import Keras.
_KILLED = """
import os, signal, sys
from mnistspec import running
running._import = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
from mnistspec.cli import main
main()
"""


def test_the_first_record_says_what_is_known_before_anything_runs() -> None:
    text = "mnistspec: 1\nname: n\nseed: 3\ndescription: d\n" + (
        "model: {kind: functional, inputs: {x: [2], y: [2]}, layers: [{Dense: {units: 1, from: x, name: a}}]}\n"
    )
    result = mnistspec.check(text)
    record = first_record(result, result.plan(), 7, ("mnistspec", "run"))
    assert record["status"] == "running" and (record["number"], record["seed"], record["name"]) == (7, 3, "n")
    assert record["command"] == ["mnistspec", "run"] and record["finished"] is None
    assert [warning["code"] for warning in record["warnings"]] == ["W506"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["started"])
    assert json.loads(json.dumps(record)) == record


def test_what_is_written_first_is_enough_to_go_on_by(tmp_path: Path) -> None:
    result, folder = mnistspec.check(_SPEC), new_folder(tmp_path, "tiny")
    plan, record = begin(result, folder, None, ("mnistspec", "run"))
    run = run_to_resume(folder, tmp_path)
    require_written_spec(run)
    assert run.record == record and changes(run, result) == ()
    assert (folder / "spec.yaml").read_text() == _SPEC
    assert f"seed: {plan.seed}\n" in (folder / "resolved.yaml").read_text() and record["seed"] == plan.seed


def test_the_weights_to_begin_with_are_kept_first_too(tmp_path: Path) -> None:
    weights, folder = tmp_path / "a.weights.h5", new_folder(tmp_path, "tiny")
    weights.write_bytes(b"weights")
    _, record = begin(mnistspec.check(_SPEC), folder, weights, ())
    assert record["initial_weights"] == digest_of(weights) == digest_of(folder / "initial.weights.h5")


@pytest.mark.keras
@pytest.mark.skipif(os.name == "nt", reason="there is no such signal on Windows")
def test_a_run_that_was_killed_while_keras_came_in_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(_SPEC)
    environment = {**os.environ, "PYTHONPATH": str(Path(mnistspec.__file__).parents[1])}
    command = [sys.executable, "-c", _KILLED, "run", "tiny.yaml"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == -signal.SIGKILL
    again = [sys.executable, "-m", "mnistspec", "run", "--resume", "tiny", "--json"]
    done = subprocess.run(again, cwd=tmp_path, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["status"] == "finished" and record["number"] == 1 and record["devices"]
    assert f"seed: {record['seed']}\n" in (tmp_path / "runs" / "tiny" / "001" / "resolved.yaml").read_text()
