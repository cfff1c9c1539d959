"""The run folders that the tests of reports read, each made once in a session and left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import folders

KINDS: dict[str, Callable[[Path], Path]] = {
    kind.__name__: kind
    for kind in (
        folders.classification,
        folders.several_outputs,
        folders.regression,
        folders.autoencoder,
        folders.interrupted,
        folders.many_classes,
        folders.hostile,
        folders.diverged,
    )
}


@pytest.fixture(scope="session", params=list(KINDS))
def any_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder of each kind in turn."""
    return KINDS[request.param](tmp_path_factory.mktemp(request.param))
