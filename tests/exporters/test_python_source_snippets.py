"""Functions that scripts take along, beside what mnistspec does in their place."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets.picture_arrays import resize_all
from mnistspec.exporters.python_source.snippets import shared_functions


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
def test_pictures_are_resized_to_the_same_bits(tmp_path: Path, dtype: str) -> None:
    functions = shared_functions(frozenset(["resize"]))
    (tmp_path / "script.py").write_text("\n".join(["import numpy as np", *(line for own in functions for line in own)]))
    resize = runpy.run_path(str(tmp_path / "script.py"))["resize"]
    generator = np.random.default_rng(1)
    for *shape, height, width in generator.integers(1, 30, (200, 4)).tolist():
        channels = generator.integers(1, 4, generator.integers(0, 2)).tolist()
        pictures = generator.integers(0, 256, (3, *shape, *channels)).astype(dtype)
        found, expected = resize(pictures, (height, width)), resize_all(pictures, (height, width))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        assert found.tobytes() == expected.tobytes(), (shape, height, width)
