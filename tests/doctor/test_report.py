"""The whole examination: what counts, the exit codes, and the command's output."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from mnistspec import doctor
from mnistspec.doctor.finding import Finding, Part, Report
from mnistspec.doctor.machine import Installed, Machine, this_machine
from mnistspec.doctor.probe import Probed

from . import recorded

# The package's attribute of this name may be the command function; the module is meant here.
COMMAND = importlib.import_module("mnistspec.cli.doctor")
Run = Callable[..., tuple[int, str]]


def light(home: Path) -> Machine:
    only = {"mnistspec": Installed("0.1.0")}.get
    return recorded.cpu_machine(home, distribution=only, ask_tensorflow=lambda: Probed("absent"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a machine with some arguments; gives the exit code and the output."""
    app = typer.Typer()
    app.command()(COMMAND.doctor)

    def invoke(machine: Machine, *arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(COMMAND, "this_machine", lambda measure, backend: replace(machine, asked=backend))
        result = CliRunner().invoke(app, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    return invoke


@pytest.mark.parametrize("status", ["missing", "broken"])
def test_a_fault_must_name_the_next_command(status: str) -> None:
    with pytest.raises(ValueError, match="names no next command"):
        Finding("x", status, "something")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stops", "demanded", "code"),
    [("run", False, 1), ("run", True, 1), ("gpu", False, 0), ("gpu", True, 1), ("nothing", True, 0)],
)
def test_what_makes_the_exit_code(stops: str, demanded: bool, code: int) -> None:
    fault = Finding("x", "missing", "gone", next="get it", stops=stops)  # type: ignore[arg-type]
    assert Report((Part("p", (fault,)),), gpu_demanded=demanded).exit_code == code


def test_next_commands_come_once_and_what_stops_something_first() -> None:
    hint = Finding("a", "note", "could be better", next="tune")
    gpu = Finding("b", "missing", "no gpu", next="driver", stops="gpu")
    fault = Finding("c", "broken", "bad", next="repair")
    assert Report((Part("p", (hint, gpu, fault, fault)),)).next_commands == ("repair", "driver", "tune")


def test_a_fit_cpu_machine_is_ready_and_demanding_a_gpu_of_it_is_not(tmp_path: Path) -> None:
    assert doctor.examine(recorded.cpu_machine(tmp_path)).exit_code == 0
    demanded = doctor.examine(recorded.cpu_machine(tmp_path), gpu=True)
    assert (demanded.exit_code, [fault.check for fault in demanded.faults]) == (1, ["gpu"])


def test_a_fit_gpu_machine_is_ready_for_both(tmp_path: Path) -> None:
    assert doctor.examine(recorded.gpu_machine(tmp_path), gpu=True).exit_code == 0


def test_a_gpu_that_tensorflow_does_not_see_counts_only_when_demanded(tmp_path: Path) -> None:
    def machine() -> Machine:
        return recorded.gpu_machine(tmp_path, distribution=recorded.CPU_PACKAGES.get, ask_tensorflow=recorded.probed)

    assert doctor.examine(machine()).exit_code == 0
    assert [fault.check for fault in doctor.examine(machine(), gpu=True).faults] == ["cuda"]


@pytest.mark.parametrize(
    "said", [recorded.MISMATCH, recorded.NOT_COMMUNICATING, recorded.NO_DEVICES, recorded.BLOCKED, ""]
)
def test_a_failing_driver_never_stops_a_run_on_the_cpu(tmp_path: Path, said: str) -> None:
    machine = recorded.cpu_machine(
        tmp_path, run=recorded.answering(recorded.failing(said, 9)), names=lambda folder: None
    )
    assert doctor.examine(machine).exit_code == 0
    assert doctor.examine(replace(machine), gpu=True).exit_code == 1


def test_the_light_install_runs_the_doctor_and_is_told_the_line(tmp_path: Path, run: Run) -> None:
    code, out = run(light(tmp_path))
    assert code == 1
    assert "pip install 'mnistspec[cpu]'" in out
    assert out.rstrip().endswith("Not ready to train: packages.")


def test_plain_output_is_a_line_a_finding_without_colours_or_folding(tmp_path: Path, run: Run) -> None:
    code, out = run(recorded.gpu_machine(tmp_path, environment={"LD_LIBRARY_PATH": "/a" * 200}))
    assert code == 0
    assert "\x1b" not in out
    findings = doctor.examine(recorded.gpu_machine(tmp_path)).findings
    lines = out.splitlines()
    assert all(any(finding.says in line for line in lines) for finding in findings)
    assert lines[-1] == "Ready to train on GPU:0 (NVIDIA H100 80GB HBM3)."


def test_commands_to_type_stand_whole_on_lines_of_their_own(tmp_path: Path, run: Run) -> None:
    _, out = run(recorded.gpu_machine(tmp_path, ask_tensorflow=recorded.probed))
    fix = "python -m venv ~/mnistspec-gpu && . ~/mnistspec-gpu/bin/activate && pip install 'mnistspec[gpu]'"
    assert f"  {fix}" in out.splitlines()


def test_the_last_line_says_on_what_it_trains_and_why_not_on_the_gpu(tmp_path: Path, run: Run) -> None:
    _, on_cpu = run(recorded.cpu_machine(tmp_path))
    assert on_cpu.splitlines()[-1] == "Ready to train on CPU:0."
    _, cpu_build = run(recorded.gpu_machine(tmp_path, ask_tensorflow=recorded.probed))
    assert cpu_build.splitlines()[-1] == "Ready to train on CPU:0. No GPU is used: cuda."


def test_what_was_only_seen_is_not_called_ready(tmp_path: Path, run: Run) -> None:
    listed = replace(recorded.RIGHT_CPU, product=None, training=None)
    code, out = run(recorded.cpu_machine(tmp_path, ask_tensorflow=lambda: recorded.probed(devices=(listed,))))
    assert code == 0
    assert out.splitlines()[-1] == "TensorFlow starts and sees CPU:0; nothing was measured."


def test_a_gpu_that_computes_wrong_makes_it_not_ready_though_the_cpu_is_right(tmp_path: Path, run: Run) -> None:
    wrong = replace(recorded.RIGHT_GPU, training=replace(recorded.TRAINING, right=False))
    probed = recorded.probed(recorded.CUDA_BUILD, (recorded.RIGHT_CPU, wrong))
    code, out = run(recorded.gpu_machine(tmp_path, ask_tensorflow=lambda: probed))
    assert code == 1
    assert out.splitlines()[-1] == "Not ready to train: device GPU:0."


def test_json_holds_everything_and_nothing_else(tmp_path: Path, run: Run) -> None:
    code, out = run(recorded.gpu_machine(tmp_path), "--json", "--gpu")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["exit_code"], answer["gpu_demanded"]) == (0, True, 0, True)
    assert (answer["trains_on"], answer["measured"]) == (["GPU:0 (NVIDIA H100 80GB HBM3)"], True)
    assert {"part", "check", "status", "says", "detail", "next", "stops"} == set(answer["findings"][0])
    gpu = next(found for found in answer["findings"] if found["check"] == "device GPU:0")
    assert gpu["detail"]["product"]["gflops"] == 410000.0


def test_json_of_a_fault_exits_with_1(tmp_path: Path, run: Run) -> None:
    code, out = run(light(tmp_path), "--json")
    assert code == 1
    assert json.loads(out)["next"] == ["pip install 'mnistspec[cpu]'"]


def test_quick_asks_for_no_measuring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def machine(measure: bool, backend: str | None) -> Machine:
        asked.append(measure)
        return recorded.cpu_machine(tmp_path)

    monkeypatch.setattr(COMMAND, "this_machine", machine)
    app = typer.Typer()
    app.command()(COMMAND.doctor)
    CliRunner().invoke(app, ["--quick"])
    CliRunner().invoke(app, [])
    assert asked == [False, True]


def test_help_names_the_options_and_an_example(tmp_path: Path, run: Run) -> None:
    _, out = run(recorded.cpu_machine(tmp_path), "--help")
    plain = re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*m", "", out))
    assert all(option in plain for option in ("--json", "--gpu", "--quick"))
    assert "mnistspec doctor --gpu --json" in plain


def test_this_machine_is_looked_at_without_tensorflow() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.interpreter.version >= (3, 11, 0)
    assert machine.distribution("pytest") is not None and machine.distribution("no-such-package-here") is None
    assert machine.read("/no/such/file") is None and machine.names("/no/such/folder") is None
    assert (machine.disk_free(Path("/no/such/folder")) or 0) > 0


@pytest.mark.keras
def test_a_real_examination_of_this_machine_is_json_and_ready() -> None:
    report = doctor.examine(this_machine())
    assert report.ok, report.faults
    assert json.loads(json.dumps(report.as_json()))["ok"] is True
    assert any(finding.check == "device CPU:0" and finding.status == "ok" for finding in report.findings)
