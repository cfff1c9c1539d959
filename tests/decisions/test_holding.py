from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mnistspec.decisions import Decision
from tests.decisions.deciding import decided

_DATA = {"source": "mnist_sample", "prepare": {"x": [{"reshape": [784]}, {"rescale": 255}]}}


def held(data: dict[str, Any] | None = None, **more: Any) -> Decision:
    return decided(data=_DATA | (data or {}), **more).hold


def test_bytes_stay_bytes_and_the_reason_names_them() -> None:
    found = held()
    assert found.value == "stored" and "`x` is uint8" in found.reason
    assert held(backend="jax").value == "stored"


def test_a_spec_that_chooses_is_followed() -> None:
    assert held({"hold": "prepared"}).value == "prepared"
    assert held({"hold": "stored"}, accelerated=True).value == "stored"


@pytest.mark.parametrize(
    ("data", "more", "named"),
    [
        ({"prepare": {"x": [{"reshape": [784]}]}}, {}, "no input"),
        ({}, {"accelerated": True}, "a GPU"),
        ({}, {"backend": "torch"}, "torch"),
        ({}, {"backend": "jax", "deterministic": True}, "Keras' own loop"),
        ({}, {"backend": "jax", "compiled": {"jit_compile": True}}, "Keras' own loop"),
        ({"prepare": {"x": ["standardize", {"reshape": [784]}]}}, {"backend": "jax"}, "double precision"),
        ({}, {"compiled": {"run_eagerly": True}}, "run_eagerly"),
        ({}, {"compiled": {"steps_per_execution": 1}}, "leaves the batches to Keras"),
    ],
)
def test_all_else_is_prepared_beforehand_and_the_reason_names_why(
    data: dict[str, Any], more: dict[str, Any], named: str
) -> None:
    found = held(data, **more)
    assert found.value == "prepared" and named in found.reason


class TestMoreThanTheMemoryHolds:
    """With 3,000 bytes of memory free."""

    @pytest.fixture(autouse=True)
    @staticmethod
    def little(monkeypatch: pytest.MonkeyPatch) -> None:
        for place in ("mnistspec.memory", "mnistspec.decisions.holding"):
            monkeypatch.setattr(f"{place}.available_bytes", lambda: 3000)

    @staticmethod
    def of_file(folder: Path, count: int, hold: str = "auto") -> Decision:
        np = pytest.importorskip("numpy")
        np.savez(folder / "a.npz", x_train=np.zeros((count, 784), "uint8"), y_train=np.zeros(count, "int64"))
        source = {"npz": {"path": str(folder / "a.npz"), "test": 0.2}}
        return held({"source": source, "prepare": {"x": [{"rescale": 255}]}, "hold": hold})

    def test_more_than_a_third_of_it_stays_on_the_disk_and_the_reason_has_both_figures(self, tmp_path: Path) -> None:
        assert self.of_file(tmp_path, 1).value == "stored"
        found = self.of_file(tmp_path, 2)
        assert found.value == "streamed" and "1.5 KiB" in found.reason and "2.9 KiB" in found.reason

    def test_a_spec_that_chooses_is_followed(self, tmp_path: Path) -> None:
        assert self.of_file(tmp_path, 2, "stored").value == "stored"
        assert self.of_file(tmp_path, 1, "streamed").value == "streamed"

    def test_what_cannot_be_read_piece_by_piece_does_not(self) -> None:
        assert held().value == "stored"

    def test_pictures_too_many_to_be_counted_are_taken_for_as_many_as_were(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            for number in range(3):
                (tmp_path / name / f"{number}.png").touch()
        source = {"images": {"path": str(tmp_path), "image_size": [28, 28], "color_mode": "grayscale"}}
        monkeypatch.setattr("mnistspec.datasets.sources.images.MOST_COUNTED", 5)
        for counted, value in ((1, "stored"), (5, "streamed")):
            monkeypatch.setattr("mnistspec.decisions.holding.MOST_COUNTED", counted)
            assert held({"source": source, "prepare": {"x": [{"reshape": [784]}, {"rescale": 255}]}}).value == value
