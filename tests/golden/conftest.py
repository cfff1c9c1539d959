from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write what the commands print now as expected.")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    # Known only where pytest is pointed at this folder: `pytest tests/golden --update-golden`.
    return bool(request.config.getoption("--update-golden", default=False))
