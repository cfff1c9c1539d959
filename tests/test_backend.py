from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from mnistspec import backend
from mnistspec.diagnostics import MissingExtra


@pytest.mark.parametrize(("name", "extra"), [("tensorflow", "cpu"), ("jax", "jax"), ("torch", "torch")])
def test_what_is_missing_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, name: str, extra: str
) -> None:
    monkeypatch.setattr(backend, "_installed", lambda package: package == "keras")
    with pytest.raises(MissingExtra, match=rf"needs {name}.*pip install 'mnistspec\[{extra}\]'") as caught:
        backend.import_keras(name)
    assert caught.value.exit_code == 2


def test_a_package_that_is_there_and_broken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "_installed", lambda package: True)
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(MissingExtra, match=r"cannot be imported.*mnistspec doctor"):
        backend.import_keras("tensorflow")


def test_what_a_library_says_while_it_loads_is_kept_back(capfd: pytest.CaptureFixture[str]) -> None:
    with backend._hushed():
        os.write(2, b"noise\n")
    os.write(2, b"voice\n")
    assert capfd.readouterr().err == "voice\n"


def test_what_it_says_is_shown_when_the_loading_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ImportError), backend._hushed():
        os.write(2, b"the reason\n")
        raise ImportError("broken")
    assert capfd.readouterr().err == "the reason\n"


@pytest.mark.keras
def test_a_process_has_one_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    assert backend.import_keras("tensorflow") >= 0
    monkeypatch.setattr(backend, "_installed", lambda package: True)
    with pytest.raises(MissingExtra, match=r"already runs on tensorflow.*KERAS_BACKEND=jax"):
        backend.import_keras("jax")


def test_what_it_says_is_kept_back_when_the_loading_is_interrupted(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), backend._hushed():
        os.write(2, b"noise\n")
        raise KeyboardInterrupt
    assert capfd.readouterr().err == ""


_PAGES = """
import resource
from mnistspec import backend

if {kept}:
    backend._keep_freed_memory()

def rounds(count):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(count):
        held = [bytearray(b"1") * (24 * 2**20) for _ in range(4)]
        del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

rounds(3)
print(rounds(10))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps memory in ways of its own")
def test_memory_that_comes_and_goes_is_kept() -> None:
    """Counted are the pages that the system has to bring in anew, of 4,096 bytes or more."""
    fresh, kept = (
        int(subprocess.run([sys.executable, "-c", _PAGES.format(kept=kept)], check=True, capture_output=True).stdout)
        for kept in (False, True)
    )
    assert kept < fresh / 10
