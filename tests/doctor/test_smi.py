"""What is read from nvidia-smi's recorded outputs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mnistspec.doctor import smi
from mnistspec.doctor.commands import Ran
from mnistspec.doctor.smi import Gpu, Smi

from . import recorded


def ask(answers: dict[tuple[str, ...], Ran]) -> Smi:
    return smi.ask(recorded.answering(answers))


def test_one_gpu_with_its_driver_memory_capability_and_cuda() -> None:
    answer = ask(recorded.smi(recorded.H100, recorded.header("550.90.07", "12.4")))
    assert answer.state == "answered"
    assert answer.gpus == (Gpu(0, "NVIDIA H100 80GB HBM3", "550.90.07", 81559, 81008, (9, 0), mig=False),)
    assert (answer.driver, answer.cuda) == ("550.90.07", "12.4")


def test_two_gpus_and_fields_that_are_not_told() -> None:
    answer = ask(recorded.smi(recorded.TWO_GPUS, recorded.header("535.183.01", "12.2")))
    assert [(gpu.index, gpu.capability, gpu.mig) for gpu in answer.gpus] == [(0, (8, 6), False), (1, (7, 5), False)]


def test_a_driver_that_knows_fewer_fields_is_asked_again() -> None:
    def run(command: Sequence[str], timeout: float) -> Ran:
        text = " ".join(command)
        if "compute_cap" in text:
            return Ran("itself", 2, recorded.NO_SUCH_FIELD)
        return Ran("itself", 0, recorded.OLDEST_ANSWER if "--query-gpu" in text else "")

    assert smi.ask(run).gpus == (Gpu(0, "Tesla K80", "418.226.00", 11441, 11441),)


def test_mig_instances_are_listed_only_for_a_gpu_in_mig_mode() -> None:
    sliced = ask(recorded.smi(recorded.A100_SLICED, recorded.header("535.129.03", "12.2"), recorded.MIG_LISTING))
    whole = ask(recorded.smi(recorded.H100, recorded.header("550.90.07", "12.4"), recorded.MIG_LISTING))
    assert (sliced.gpus[0].mig, sliced.mig_instances) == (True, ("3g.20gb", "2g.10gb"))
    assert whole.mig_instances == ()


@pytest.mark.parametrize(
    ("line", "cuda"),
    [
        (recorded.header("580.65.06", "13.0"), "13.0"),
        ("| NVIDIA-SMI 610.43   KMD Version: 610.43   CUDA UMD Version: 13.3 |", "13.3"),
        (recorded.header("535.129.03", "N/A"), None),
        (recorded.header("535.129.03", "ERR!"), None),
        ("", None),
    ],
)
def test_the_cuda_version_in_the_header(line: str, cuda: str | None) -> None:
    assert smi.parse_cuda(line) == cuda


def test_no_program_is_absent_and_a_failing_one_keeps_its_words() -> None:
    assert ask({}) == Smi("absent")
    failed = ask(recorded.failing(recorded.MISMATCH, 18))
    assert (failed.state, failed.gpus) == ("failed", ())
    assert "Driver/library version mismatch" in failed.said


def test_a_driver_that_hangs_is_not_waited_for_twice() -> None:
    asked = []

    def run(command: Sequence[str], timeout: float) -> Ran:
        asked.append(command)
        return Ran("timeout")

    assert smi.ask(run).state == "timeout"
    assert len(asked) == 1


def test_under_wsl_the_program_is_found_outside_the_path() -> None:
    answer = ask(recorded.smi(recorded.H100, recorded.header("551.23", "12.4"), program="/usr/lib/wsl/lib/nvidia-smi"))
    assert answer.cuda == "12.4"


@pytest.mark.parametrize("text", ["", "\n", "garbage", "0, a, b", "x, NVIDIA, 1, 2, 3, 9.0, Disabled\n", ",,,,,,"])
def test_any_other_text_gives_no_gpu(text: str) -> None:
    assert smi.parse_gpus(text) == ()
