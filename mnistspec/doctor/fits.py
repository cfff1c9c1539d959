"""What fits what: Python, driver, CUDA and GPU. Facts with their sources; docs/install.md shows the same to people.

Drivers: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html and
https://www.tensorflow.org/install/pip (Linux and WSL minimum). Kernels: what a TensorFlow was built with is asked of it
(`tf.sysconfig.get_build_info()`); which GPU runs which kernel is
https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#binary-compatibility.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

OLDEST_PYTHON = (3, 11)  # Keras 3.15 needs it
NEWEST_PYTHON = (3, 13)  # the newest that TensorFlow 2.21 has wheels for

# The oldest driver that runs any program of a CUDA major version, on Linux and (the second) on Windows for WSL.
OLDEST_DRIVER = {11: ("450.80.02", "452.39"), 12: ("525.60.13", "528.33"), 13: ("580", "580")}


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: `12.5.1` gives (12, 5, 1); nothing gives ()."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def oldest_driver(cuda: str, wsl: bool = False) -> str | None:
    """The oldest driver for programs built with a CUDA version; None for a major version that is not known here."""
    pair = OLDEST_DRIVER.get(numbers(cuda)[0]) if numbers(cuda) else None
    return pair[wsl] if pair else None


def driver_runs(driver: str, cuda: str, wsl: bool = False) -> bool:
    """Whether a driver is new enough for programs of a CUDA version; a CUDA major not known here is not refused."""
    oldest = oldest_driver(cuda, wsl)
    return oldest is None or numbers(driver) >= numbers(oldest)


def kernels_for(capability: tuple[int, int], built: Iterable[str]) -> Literal["binary", "ptx"] | None:
    """How a GPU runs what was built for `sm_XY` (binary) and `compute_XY` (PTX) targets; None: not at all.

    A binary runs within its major version on the same or a later minor one; PTX is compiled by the driver for any
    later GPU. `compute_XY` brings binaries too, but not of every kernel (TensorFlow 2.21: of 249 in 1,398), so it
    counts as PTX.
    """
    targets = [(kind, int(digits[:-1]), int(digits[-1])) for kind, digits in map(_target, built) if digits]
    major, minor = capability
    if any(kind == "sm" and its == major and least <= minor for kind, its, least in targets):
        return "binary"
    if any(kind == "compute" and (its, least) <= capability for kind, its, least in targets):
        return "ptx"
    return None


def _target(name: str) -> tuple[str, str]:
    found = re.fullmatch(r"(sm|compute)_(\d{2,3})[a-z]?", name)
    return (found.group(1), found.group(2)) if found else ("", "")
