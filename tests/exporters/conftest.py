"""What needs Keras is brought in by one fixture, so that collecting the light tests does not."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def building() -> ModuleType:
    """Building and comparing models."""
    from . import building

    return building
