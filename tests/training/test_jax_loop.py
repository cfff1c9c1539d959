"""The loop of steps on JAX, where it is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.keras


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed: pip install '.[jax]'")
def test_on_jax() -> None:
    """In a process of its own, since a process has one backend."""
    cases = Path(__file__).with_name("jax_cases.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(cases)]
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:]


def test_tensorflow_is_none_of_its(tiny: ModuleType) -> None:
    from mnistspec.training.jax_loop import can_loop_on_jax

    assert not can_loop_on_jax(tiny.model())
