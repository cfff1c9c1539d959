"""The findings on processor, threads, memory, disk and Keras' folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mnistspec.doctor import cache, memory, processor
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.stored import Stored, stored_datasets

from . import recorded

ARM = "processor : 0\nFeatures : fp asimd crc32 sve bf16\nCPU implementer : 0x41\n"
OLD = "model name : Intel(R) Celeron(R) CPU N3060\nflags : fpu sse2 sse4_2\n"


def named(findings: tuple[Finding, ...], check: str) -> Finding:
    return next(finding for finding in findings if finding.check == check)


def reading(tmp_path: Path, files: dict[str, str], **changes: Any) -> Machine:
    return recorded.cpu_machine(tmp_path, read=files.get, **changes)


def test_the_instructions_that_tensorflow_chooses_by_are_told(tmp_path: Path) -> None:
    finding = named(processor.check(recorded.cpu_machine(tmp_path)), "processor")
    assert finding.status == "ok"
    assert finding.detail["flags"] == ["sse4_2", "avx", "avx2", "fma"]
    assert "Some CPU" in finding.says


def test_an_x86_processor_without_avx_cannot_run_the_wheels(tmp_path: Path) -> None:
    finding = named(processor.check(reading(tmp_path, {"/proc/cpuinfo": OLD})), "processor")
    assert (finding.status, finding.stops) == ("broken", "run")


def test_an_arm_processor_needs_no_avx(tmp_path: Path) -> None:
    finding = named(processor.check(reading(tmp_path, {"/proc/cpuinfo": ARM}, architecture="aarch64")), "processor")
    assert (finding.status, finding.detail["flags"]) == ("ok", ["asimd", "sve", "bf16"])


def test_a_processor_that_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    assert named(processor.check(reading(tmp_path, {})), "processor").status == "note"


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"/sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2.0),
        ({"/sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        (
            {
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "150000\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            1.5,
        ),
        ({"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n"}, None),
        ({}, None),
    ],
)
def test_the_containers_share_of_the_cores(tmp_path: Path, files: dict[str, str], quota: float | None) -> None:
    assert processor.cpu_quota(reading(tmp_path, files)) == quota


def test_fewer_cores_worth_of_time_than_cores_is_worth_a_setting(tmp_path: Path) -> None:
    files = {"/sys/fs/cgroup/cpu.max": "200000 100000\n"}
    finding = named(processor.check(reading(tmp_path, files)), "threads")
    assert (finding.status, finding.next) == ("note", "export TF_NUM_INTRAOP_THREADS=2")
    told = reading(tmp_path, files, environment={"TF_NUM_INTRAOP_THREADS": "2"})
    assert named(processor.check(told), "threads").status == "ok"


def test_memory_is_what_is_available_or_what_the_container_may_use(tmp_path: Path) -> None:
    info = "MemTotal:       16384000 kB\nMemFree: 1 kB\nMemAvailable:   8192000 kB\n"
    plenty = named(memory.check(reading(tmp_path, {"/proc/meminfo": info})), "memory")
    assert (plenty.status, plenty.detail["available_bytes"]) == ("ok", 8192000 * 1024)
    limited = reading(tmp_path, {"/proc/meminfo": info, "/sys/fs/cgroup/memory.max": "1073741824\n"})
    assert named(memory.check(limited), "memory").status == "note"
    unlimited = reading(tmp_path, {"/proc/meminfo": info, "/sys/fs/cgroup/memory.max": "max\n"})
    assert named(memory.check(unlimited), "memory").status == "ok"


def test_memory_that_cannot_be_told_is_a_note(tmp_path: Path) -> None:
    assert named(memory.check(reading(tmp_path, {})), "memory").status == "note"


def test_a_full_disk_is_noted_for_the_folder_that_it_concerns(tmp_path: Path) -> None:
    keras = tmp_path / ".keras"
    machine = recorded.cpu_machine(tmp_path, disk_free=lambda folder: 2**20 if folder == keras else 2**40)
    found = memory.check(machine)
    assert named(found, "disk for data sets").status == "note"
    assert named(found, "disk for runs").status == "ok"


def test_keras_folder_is_the_default_or_the_one_that_is_named(tmp_path: Path) -> None:
    assert cache.keras_home(recorded.cpu_machine(tmp_path)) == tmp_path / ".keras"
    elsewhere = recorded.cpu_machine(tmp_path, environment={"KERAS_HOME": str(tmp_path / "k")})
    assert cache.keras_home(elsewhere) == tmp_path / "k"


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        (None, "ok", "defaults"),
        (json.dumps({"backend": "tensorflow", "floatx": "float32", "epsilon": 1e-7}), "ok", "defaults"),
        (json.dumps({"floatx": "float16"}), "note", "floatx: float16"),
        (json.dumps({"image_data_format": "channels_first"}), "note", "channels_first"),
        ("{not json", "broken", "not JSON"),
        ("[1]", "broken", "not JSON"),
    ],
)
def test_settings_that_change_results_are_told(tmp_path: Path, text: str | None, status: str, words: str) -> None:
    path = str(tmp_path / ".keras" / "keras.json")
    finding = named(cache.check(reading(tmp_path, {path: text} if text else {})), "keras settings")
    assert finding.status == status
    assert words in finding.says


def test_a_backend_from_the_environment_is_told(tmp_path: Path) -> None:
    machine = recorded.cpu_machine(tmp_path, environment={"KERAS_BACKEND": "jax"})
    assert "backend: jax" in named(cache.check(machine), "keras settings").says


def test_downloaded_data_sets_are_told_with_their_sizes(tmp_path: Path) -> None:
    finding = named(cache.check(recorded.cpu_machine(tmp_path)), "data sets")
    assert (finding.status, finding.next) == ("ok", None)
    assert "mnist (11.5 MB)" in finding.says


def test_an_absent_mnist_is_a_note_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    absent = (Stored("mnist", "absent"), Stored("mnist_sample", "good", 830_546))
    finding = named(cache.check(recorded.cpu_machine(tmp_path, datasets=lambda: absent)), "data sets")
    assert (finding.status, finding.next) == ("note", "mnistspec data fetch mnist")
    assert "mnist_sample comes with mnistspec" in finding.says


@pytest.mark.parametrize(
    ("stored", "fix"),
    [
        (Stored("cifar10", "damaged", 5, ("/k/cifar-10.tar.gz",)), "mnistspec data fetch cifar10"),
        (Stored("imdb", "unreadable", 0, ("/k/imdb.npz: cannot be read",)), "ls -l"),
        (Stored("mnist_sample", "damaged", 5, ("/p/mnist_sample.npz",)), "pip install --force-reinstall"),
    ],
)
def test_a_damaged_data_set_is_broken_and_stops_no_other_run(tmp_path: Path, stored: Stored, fix: str) -> None:
    machine = recorded.cpu_machine(tmp_path, datasets=lambda: (stored,))
    finding = named(cache.check(machine), f"data set {stored.name}")
    assert (finding.status, finding.stops) == ("broken", "nothing")
    assert stored.files[0] in finding.says
    assert fix in str(finding.next)


def test_the_files_of_keras_folder_are_compared_by_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"half of a download")
    states = {stored.name: stored.state for stored in stored_datasets()}
    assert states["mnist"] == "damaged"
    assert states["cifar10"] == "absent"
    assert states["mnist_sample"] == "good"
