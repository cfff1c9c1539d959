from __future__ import annotations

import os
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
