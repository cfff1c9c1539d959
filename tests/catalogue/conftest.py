"""One bench for all tests of the catalogue that need Keras."""

from __future__ import annotations

import pytest

from .bench import Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))
