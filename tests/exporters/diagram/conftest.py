from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-drawings", action="store_true", help="Write what is drawn now as expected.")


@pytest.fixture
def update_drawings(request: pytest.FixtureRequest) -> bool:
    # Known only where pytest is pointed at this folder.
    return bool(request.config.getoption("--update-drawings", default=False))
