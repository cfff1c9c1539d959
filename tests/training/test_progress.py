from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def test_what_was_measured_becomes_plain_numbers(tiny: ModuleType) -> None:
    from mnistspec.training.progress import numbers

    found = numbers({"loss": np.float32(0.5), "f1": np.array([0.25, 1.0]), "one": np.array([2.0]), "n": 3})
    assert found == {"loss": 0.5, "f1_0": 0.25, "f1_1": 1.0, "one_0": 2.0, "n": 3.0}
    assert all(type(value) is float for value in found.values()) and numbers(None) == {}
