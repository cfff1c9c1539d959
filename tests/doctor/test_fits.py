"""The facts on what fits what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mnistspec.doctor import fits

BUILT = ("sm_60", "sm_70", "sm_80", "sm_89", "compute_90")  # of TensorFlow 2.21.0's Linux wheel
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("capability", "way"),
    [
        ((5, 2), None),  # Maxwell: dropped in TensorFlow 2.17
        ((6, 1), "binary"),
        ((7, 5), "binary"),
        ((8, 6), "binary"),
        ((9, 0), "ptx"),
        ((12, 0), "ptx"),
    ],
)
def test_which_gpu_runs_the_wheels_kernels(capability: tuple[int, int], way: str | None) -> None:
    assert fits.kernels_for(capability, BUILT) == way


def test_a_binary_runs_on_no_older_minor_version_and_unknown_targets_are_passed_over() -> None:
    assert fits.kernels_for((8, 0), ("sm_86",)) is None
    assert fits.kernels_for((9, 0), ("sm_90a", "gfx906")) == "binary"


@pytest.mark.parametrize(
    ("driver", "cuda", "wsl", "runs"),
    [
        ("525.60.13", "12.5.1", False, True),
        ("525.60.12", "12.5.1", False, False),
        ("470.42.01", "12.5.1", False, False),
        ("580.65.06", "12.5.1", False, True),
        ("528.33", "12.5.1", True, True),
        ("527.41", "12.5.1", True, False),
        ("570.10", "13.0", False, False),
        ("100.0", "99.0", False, True),
        ("100.0", "", False, True),
    ],
)
def test_which_driver_runs_which_cuda(driver: str, cuda: str, wsl: bool, runs: bool) -> None:
    assert fits.driver_runs(driver, cuda, wsl) is runs


def test_versions_compare_as_numbers() -> None:
    assert fits.numbers("2.21.0") > fits.numbers("2.9")
    assert fits.numbers("3.15.0rc1") == (3, 15, 0)
    assert fits.numbers("unknown") == ()


def test_the_documentation_tells_the_same_facts() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    oldest, newest = (".".join(map(str, version)) for version in (fits.OLDEST_PYTHON, fits.NEWEST_PYTHON))
    assert re.search(rf"{re.escape(oldest)}\D{{1,6}}{re.escape(newest)}", page)
    assert all(driver in page for driver in fits.OLDEST_DRIVER[12])
    assert all(f"`{target}`" in page for target in BUILT)
