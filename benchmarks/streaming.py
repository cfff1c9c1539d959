"""Data left on the disk beside the same data in memory, at one size and at ten times that size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

# Pictures of 12 KiB each: 120 MB and 1.2 GB.
COUNTS = (10_000, 100_000)
HOLDS = ("stored", "streamed")
EPOCHS = 2
_PICTURE = (64, 64, 3)
_AT_ONCE = 1000
_SPEC = """mnistspec: 1
seed: 1
data: {source: {npz: {path: pictures.npz}}, validation: 0.1, prepare: {x: [{rescale: 255}]}}
model:
  kind: sequential
  layers:
    - Conv2D: {filters: 8, kernel_size: 4, strides: 4, activation: relu}
    - GlobalAveragePooling2D
    - Dense: {units: 4, activation: softmax}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy}
fit: {epochs: EPOCHS, batch_size: 64}
"""


def main() -> None:
    """Prints pictures a second while training, and the whole process' peak of memory."""
    print(f"streaming: pictures {_PICTURE} of one byte a value in an .npz file, {EPOCHS} epochs, batches of 64")
    print(f"  {'pictures':>10}{'data':>10}{'hold':>12}{'pictures/s':>14}{'peak':>12}")
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), count)
            for hold in HOLDS:
                rate, peak = _run(Path(folder), hold, count)
                size = f"{count * np.prod(_PICTURE) / 2**20:.0f} MiB"
                print(f"  {count:>10,}{size:>10}{hold:>12}{rate:>14,.0f}{peak / 2**10:>8,.0f} MiB", flush=True)


def _write(folder: Path, count: int) -> None:
    (folder / "spec.yaml").write_text(_SPEC.replace("EPOCHS", str(EPOCHS)))
    labels = np.arange(count) % 4
    with zipfile.ZipFile(folder / "pictures.npz", "w") as archive:
        for split, size in (("train", count), ("test", _AT_ONCE)):
            with archive.open(f"x_{split}.npy", "w", force_zip64=True) as member:
                header = {"descr": "|u1", "fortran_order": False, "shape": (size, *_PICTURE)}
                np.lib.format.write_array_header_1_0(member, header)
                for part in _pictures(size):
                    member.write(part.tobytes())
            with archive.open(f"y_{split}.npy", "w") as member:
                np.lib.format.write_array(member, labels[:size])


def _pictures(count: int) -> Iterator[np.ndarray]:
    """Noise, brighter from class to class; the same at every call."""
    random = np.random.default_rng(0)
    for start in range(0, count, _AT_ONCE):
        shades = (np.arange(start, start + _AT_ONCE) % 4 * 40).astype(np.uint8)
        noise = random.integers(0, 128, (_AT_ONCE, *_PICTURE), dtype=np.uint8)
        yield noise + shades[:, np.newaxis, np.newaxis, np.newaxis]


def _run(folder: Path, hold: str, count: int) -> tuple[float, float]:
    """Pictures trained on a second, and the peak of memory (KiB)."""
    command = [sys.executable, "-m", "mnistspec", "run", str(folder / "spec.yaml"), "--set", f"data.hold={hold}"]
    out, peak = _finished([*command, "--out", str(folder / hold), "--json"])
    return 0.9 * count * EPOCHS / json.loads(out)["timings"]["fit"], peak


def _finished(command: Sequence[str]) -> tuple[str, float]:
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{' '.join(command)} ended with {process.returncode}"
        out.seek(0)
        return out.read(), float(used.ru_maxrss)


if __name__ == "__main__":
    main()
