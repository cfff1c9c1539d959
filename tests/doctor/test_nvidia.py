"""The findings on the driver and the GPUs, from recorded outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec.doctor import nvidia
from mnistspec.doctor.commands import Ran
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine

from . import recorded

PCI = "/sys/bus/pci/devices"
CARD = {f"{PCI}/0000:01:00.0/vendor": "0x10de\n", f"{PCI}/0000:01:00.0/class": "0x030200\n"}
UBUNTU = {"/etc/os-release": 'NAME="Ubuntu"\nID=ubuntu\n'}


def with_card(machine_files: dict[str, str]) -> dict[str, object]:
    return {"names": {PCI: ("0000:00:00.0", "0000:01:00.0")}.get, "read": {**CARD, **machine_files}.get}


def only(machine: Machine) -> Finding:
    (finding,) = nvidia.check(machine)
    return finding


def test_without_driver_and_card_the_cpu_is_used_and_nothing_is_missing(tmp_path: Path) -> None:
    finding = only(recorded.cpu_machine(tmp_path))
    assert (finding.status, finding.next) == ("note", None)


def test_a_card_without_a_driver_is_missing_its_driver(tmp_path: Path) -> None:
    finding = only(recorded.cpu_machine(tmp_path, **with_card(UBUNTU)))
    assert (finding.status, finding.stops) == ("missing", "gpu")
    assert "0000:01:00.0" in finding.says
    assert finding.next == "sudo ubuntu-drivers install && sudo reboot"


def test_on_another_system_the_drivers_page_is_named(tmp_path: Path) -> None:
    finding = only(recorded.cpu_machine(tmp_path, **with_card({})))
    assert "https://www.nvidia.com/drivers" in str(finding.next)


def test_a_card_that_a_container_was_not_given(tmp_path: Path) -> None:
    finding = only(recorded.cpu_machine(tmp_path, **with_card({"/.dockerenv": ""})))
    assert "--gpus all" in str(finding.next)


@pytest.mark.parametrize(
    ("said", "code", "words", "fix"),
    [
        (recorded.MISMATCH, 18, "restart", "sudo reboot"),
        (recorded.NOT_COMMUNICATING, 9, "not running", "sudo modprobe nvidia"),
        (recorded.BLOCKED, 17, "Windows", "wsl --update"),
        (recorded.NO_DEVICES, 6, "finds no GPU", "dmesg"),
        ("Failed to initialize NVML: Insufficient Permissions\n", 4, "may not use", "usermod"),
        ("Failed to initialize NVML: Unknown Error\n", 255, "lost the GPU", "restart"),
        ("Some new trouble\nand more\n", 1, "Some new trouble", "nvidia.com/drivers"),
    ],
)
def test_each_failure_is_explained_and_has_a_next_command(
    tmp_path: Path, said: str, code: int, words: str, fix: str
) -> None:
    run = recorded.answering(recorded.failing(said, code))
    finding = only(recorded.cpu_machine(tmp_path, run=run, **with_card({})))
    assert (finding.status, finding.stops) == ("broken", "gpu")
    assert words in finding.says
    assert fix in str(finding.next)
    assert finding.detail["said"] == said.strip()


def test_the_tools_without_a_card_are_no_fault(tmp_path: Path) -> None:
    run = recorded.answering(recorded.failing(recorded.NOT_COMMUNICATING, 9))
    assert only(recorded.cpu_machine(tmp_path, run=run)).status == "note"


def test_a_hanging_driver_is_broken(tmp_path: Path) -> None:
    run = recorded.answering({("nvidia-smi",): Ran("timeout")})
    assert only(recorded.cpu_machine(tmp_path, run=run)).status == "broken"


def test_a_fit_gpu_shows_driver_cuda_and_card(tmp_path: Path) -> None:
    driver, gpu = nvidia.check(recorded.gpu_machine(tmp_path))
    assert (driver.status, gpu.status) == ("ok", "ok")
    assert "550.90.07" in driver.says and "12.4" in driver.says
    assert "H100" in gpu.says and "9.0" in gpu.says and "80 GiB" in gpu.says


def test_two_gpus_are_two_findings(tmp_path: Path) -> None:
    run = recorded.answering(recorded.smi(recorded.TWO_GPUS, recorded.header("535.183.01", "12.2")))
    checks = [finding.check for finding in nvidia.check(recorded.gpu_machine(tmp_path, run=run))]
    assert checks == ["driver", "gpu 0", "gpu 1"]


def test_a_driver_that_hands_no_cuda_through(tmp_path: Path) -> None:
    run = recorded.answering(recorded.smi(recorded.H100, recorded.header("550.90.07", "N/A")))
    driver = nvidia.check(recorded.gpu_machine(tmp_path, run=run, read={"/.dockerenv": ""}.get))[0]
    assert (driver.status, driver.stops) == ("missing", "gpu")
    assert "NVIDIA_DRIVER_CAPABILITIES=compute" in str(driver.next)


def test_mig_mode_without_an_instance_is_missing_one(tmp_path: Path) -> None:
    head = recorded.header("535.129.03", "12.2")
    bare = recorded.answering(recorded.smi(recorded.A100_SLICED, head, recorded.UNSLICED_LISTING))
    cut = recorded.answering(recorded.smi(recorded.A100_SLICED, head, recorded.MIG_LISTING))
    found = nvidia.check(recorded.gpu_machine(tmp_path, run=bare))[-1]
    assert (found.check, found.status) == ("mig", "missing")
    assert "-cgi" in str(found.next)
    assert all(finding.status == "ok" for finding in nvidia.check(recorded.gpu_machine(tmp_path, run=cut)))


def test_under_wsl_the_driver_is_that_of_windows(tmp_path: Path) -> None:
    wsl = {"/proc/version": recorded.WSL_KERNEL}.get
    driver = nvidia.check(recorded.gpu_machine(tmp_path, read=wsl))[0]
    assert "of Windows" in driver.says
    failed = recorded.answering(recorded.failing("anything else", 1))
    assert "in Windows" in str(only(recorded.cpu_machine(tmp_path, run=failed, read=wsl)).next)
