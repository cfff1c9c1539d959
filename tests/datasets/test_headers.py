from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.datasets.headers import open_archive, parse_header, read_header
from mnistspec.datasets.npz_arrays import read_arrays
from mnistspec.diagnostics import BadData, DataUnavailable


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def forge(path: Path, shape: str = "(2,)", descr: str = "'<f4'", data: bytes = bytes(8)) -> Path:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data)
    return path


def header_of(path: Path) -> object:
    with open_archive(path) as archive:
        return read_header(archive, "a", path)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("dtype", ["uint8", ">i4", "float16", "bool", "<U7", "S3"])
def test_headers_agree_with_numpy(dtype: str, version: tuple[int, int]) -> None:
    array = np.zeros((3, 5, 2), dtype=dtype)
    header = parse_header(io.BytesIO(npy(array, version)), "a")
    expected = "string" if array.dtype.kind in "US" else array.dtype.name
    assert (header.shape, header.dtype, header.data_bytes) == ((3, 5, 2), expected, array.nbytes)
    assert header.offset + header.data_bytes == len(npy(array, version))


@pytest.mark.parametrize("dtype", ["uint8", ">i4", ">f8", "<U7", "S3"])
def test_arrays_come_in_the_machine_s_form(tmp_path: Path, dtype: str) -> None:
    array = np.asfortranarray(np.arange(6).reshape(3, 2).astype(dtype))
    np.savez_compressed(tmp_path / "a.npz", a=array)
    found = read_arrays(tmp_path / "a.npz", ["a"])["a"]
    assert found.flags.c_contiguous and found.dtype.isnative
    assert found.tolist() == [["0", "1"], ["2", "3"], ["4", "5"]] if found.dtype == object else array.tolist()


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        ({"descr": "'|O'"}, "records or Python objects"),
        ({"descr": "[('a', '<f4')]"}, "records or Python objects"),
        ({"descr": "'<c8'"}, "values of the type '<c8'"),
        ({"shape": "(1000000000000,)"}, "8 bytes where its header announces 4000000000000"),
        ({"shape": "(-2,)"}, "damaged header"),
        ({"shape": "2"}, "damaged header"),
        ({"shape": "(2,), 'more': 1"}, "damaged header"),
        ({"shape": "__import__('os')"}, "damaged header"),
        ({"shape": "(" * 500}, "damaged header"),
    ],
)
def test_forged_headers_are_refused(tmp_path: Path, forged: dict[str, str], message: str) -> None:
    with pytest.raises(BadData) as caught:
        header_of(forge(tmp_path / "a.npz", **forged))
    assert message in str(caught.value)


def test_a_header_of_many_bytes_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="longer than any honest one"):
        header_of(forge(tmp_path / "a.npz", shape="(2,)" + " " * 5000))


def test_an_honest_file_larger_than_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(100_000, np.uint8))
    monkeypatch.setattr("mnistspec.datasets.memory.available_bytes", lambda: 99_999)
    with pytest.raises(BadData, match=r"needs .* of memory"):
        read_arrays(tmp_path / "a.npz", ["a"])


@settings(max_examples=200)
@given(place=st.floats(0, 1), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_never_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, place: float, value: int, cut: bool
) -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, a=np.arange(300, dtype=np.int32), b=np.zeros((4, 4)))
    content = bytearray(stream.getvalue())
    at = int(place * (len(content) - 1))
    content = content[:at] if cut else bytearray([*content[:at], value, *content[at + 1 :]])
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(content)
    try:
        found = read_arrays(path, ["a", "b"])
    except (BadData, DataUnavailable):
        return
    assert found["a"].tolist() == list(range(300))


def test_a_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="cannot be read"):
        header_of(tmp_path / "none.npz")
