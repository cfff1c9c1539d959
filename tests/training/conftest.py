"""What needs Keras is brought in by one fixture, so that collecting the light tests does not."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """Tiny models, data and fits."""
    from . import tiny

    return tiny
