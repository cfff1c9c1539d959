"""The findings on Python and on the packages and their fit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mnistspec.doctor import packages, python
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Installed, Interpreter, Machine
from mnistspec.doctor.probe import Probed

from . import recorded

ROOT = Path(__file__).parents[2]


def named(machine: Machine, check: str) -> Finding:
    return next(finding for finding in packages.check(machine) if finding.check == check)


@pytest.mark.parametrize(
    ("interpreter", "status", "words"),
    [
        (Interpreter((3, 10, 14)), "missing", "3.11 or newer"),
        (Interpreter((3, 11, 0)), "ok", "3.11.0"),
        (Interpreter((3, 13, 2), environment="conda /opt/conda/envs/m"), "ok", "conda /opt/conda/envs/m"),
        (Interpreter((3, 14, 0)), "missing", "3.11 to 3.13"),
        (Interpreter((3, 12, 0), bits=32), "missing", "64 bit"),
        (Interpreter((3, 12, 0), implementation="PyPy"), "missing", "CPython"),
    ],
)
def test_which_python_does(tmp_path: Path, interpreter: Interpreter, status: str, words: str) -> None:
    machine = recorded.cpu_machine(tmp_path, interpreter=interpreter, ask_tensorflow=lambda: Probed("absent"))
    (finding,) = python.check(machine)
    assert finding.status == status
    assert words in finding.says
    assert (finding.next is None) == (status == "ok")


def test_a_newer_python_on_which_tensorflow_starts_is_good(tmp_path: Path) -> None:
    (finding,) = python.check(recorded.cpu_machine(tmp_path, interpreter=Interpreter((3, 14, 0))))
    assert finding.status == "ok"


def test_packages_that_fit(tmp_path: Path) -> None:
    found = packages.check(recorded.cpu_machine(tmp_path))
    assert [finding.check for finding in found] == ["mnistspec", "tensorflow", "keras", "numpy", "pillow", "fit"]
    assert all(finding.status == "ok" for finding in found)
    assert "tensorflow-cpu 2.21.0" in found[1].says


def test_the_light_install_names_the_line_for_this_machine(tmp_path: Path) -> None:
    light = {"mnistspec": Installed("0.1.0")}.get
    on_cpu = named(recorded.cpu_machine(tmp_path, distribution=light), "packages")
    on_gpu = named(recorded.gpu_machine(tmp_path, distribution=light), "packages")
    assert (on_cpu.status, on_cpu.stops) == ("missing", "run")
    assert on_cpu.next == "pip install 'mnistspec[cpu]'"
    assert on_gpu.next == "pip install 'mnistspec[gpu]'"


def test_where_tensorflow_cpu_has_no_wheels_the_line_names_tensorflow(tmp_path: Path) -> None:
    mac = recorded.cpu_machine(tmp_path, system="Darwin", architecture="aarch64", distribution={}.get)
    assert "'tensorflow>=2.21'" in mac.extra and "[cpu]" not in mac.extra


def test_a_requirement_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    odd = Installed("3.15.1", ("numpy (>=1.0,<<2)", "numpy"))
    finding = named(recorded.cpu_machine(tmp_path, distribution={**recorded.CPU_PACKAGES, "keras": odd}.get), "fit")
    assert finding.status == "ok"


def test_keras_without_tensorflow_is_missing_tensorflow(tmp_path: Path) -> None:
    machine = recorded.cpu_machine(tmp_path, distribution=recorded.BASE.get)
    assert named(machine, "tensorflow").status == "missing"


def test_an_old_keras_is_to_be_upgraded(tmp_path: Path) -> None:
    old = {**recorded.CPU_PACKAGES, "keras": Installed("3.9.2")}
    finding = named(recorded.cpu_machine(tmp_path, distribution=old.get), "keras")
    assert finding.status == "missing"
    assert finding.next == "pip install --upgrade 'keras>=3.15'"


def test_two_tensorflows_overwrite_each_other(tmp_path: Path) -> None:
    both = {**recorded.GPU_PACKAGES, **recorded.CPU_PACKAGES}
    finding = named(recorded.gpu_machine(tmp_path, distribution=both.get), "tensorflow")
    assert finding.status == "broken"
    assert finding.next == "pip uninstall -y tensorflow tensorflow-cpu && pip install 'mnistspec[gpu]'"


def test_versions_that_do_not_fit_are_named_with_both_sides(tmp_path: Path) -> None:
    odd = {**recorded.CPU_PACKAGES, "h5py": Installed("3.16.0")}
    finding = named(recorded.cpu_machine(tmp_path, distribution=odd.get), "fit")
    assert (finding.status, finding.stops) == ("broken", "run")
    assert "tensorflow-cpu needs h5py<3.15.0,>=3.11.0, and 3.16.0 is installed" in finding.says
    assert finding.next == "pip install 'h5py<3.15.0,>=3.11.0'"


def test_a_dependency_of_a_dependency_is_looked_at_too(tmp_path: Path) -> None:
    odd = {**recorded.CPU_PACKAGES, "h5py": Installed("3.14.0", ("numpy<2",))}
    finding = named(recorded.cpu_machine(tmp_path, distribution=odd.get), "fit")
    assert "h5py needs numpy<2, and 2.4.6 is installed" in finding.says


def test_requirements_of_extras_and_other_systems_do_not_count(tmp_path: Path) -> None:
    more = Installed("3.15.1", ('torch; extra == "torch"', 'pywin32; sys_platform == "nowhere"', "numpy"))
    finding = named(recorded.cpu_machine(tmp_path, distribution={**recorded.CPU_PACKAGES, "keras": more}.get), "fit")
    assert finding.status == "ok"


def test_the_fit_can_be_told_only_with_packaging(tmp_path: Path) -> None:
    without = {name: found for name, found in recorded.CPU_PACKAGES.items() if name != "packaging"}
    assert named(recorded.cpu_machine(tmp_path, distribution=without.get), "fit").next == "pip install packaging"


def test_the_oldest_versions_are_those_of_the_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked: dict[str, set[str]] = {}
    for extra in ("cpu", "gpu", "jax", "torch"):
        for requirement in map(Requirement, project["optional-dependencies"][extra]):
            name = requirement.name.removesuffix("-cpu")
            asked.setdefault(name, set()).update(
                part.version for part in requirement.specifier if part.operator == ">="
            )
    assert {name: {version} for name, version in packages.OLDEST.items()} == {
        name: versions for name, versions in asked.items() if name in packages.OLDEST
    }
    assert project["requires-python"] == ">=3.11"
