"""What a spec's check needs of this room must not cost the import of NumPy, Pillow or Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from .making import write, write_picture

CODE = """
import sys
from pathlib import Path
from mnistspec import catalogue, datasets
from mnistspec.bind import bind
from mnistspec.parse import parse
from mnistspec.resolve import resolve
from mnistspec.source import Source

for text in sys.argv[2:]:
    source = Source("mnistspec: 1\\nmodel: {kind: functional, layers: [Flatten]}\\ndata: " + text)
    spec = bind(resolve(parse(source).value, allow_env=False).value, catalogue.load(), source).value
    facts = datasets.prepared_facts(spec.data, Path(sys.argv[1]))
    assert None not in next(iter(facts.x.values())).shape
heavy = {"numpy", "PIL", "keras", "tensorflow"} & set(sys.modules)
assert not heavy, heavy
"""


def test_facts_of_every_kind_of_source_are_light(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.zeros((4, 2)), y_train=np.zeros(4, np.int64))
    write(tmp_path / "t.csv", "a,b\n1,2\n3,4\n")
    write_picture(tmp_path / "pictures" / "cat" / "1.png")
    sections = [
        "{source: mnist, validation: 0.1, prepare: {x: [{rescale: 255}, {reshape: [784]}], y: [one_hot]}}",
        "{source: {npz: {path: a.npz}}}",
        "{source: {csv: {path: t.csv, label: b}}}",
        "{source: {images: {path: pictures, image_size: [8, 8]}}, prepare: {x: [{resize: [4, 4]}]}}",
    ]
    done = subprocess.run([sys.executable, "-c", CODE, str(tmp_path), *sections], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
