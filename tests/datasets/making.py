"""Makes what the tests of this room need: bound `data` sections, small files, an empty Keras cache."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

from mnistspec import catalogue
from mnistspec.bind import bind
from mnistspec.datasets import LoadedData, load
from mnistspec.parse import parse
from mnistspec.resolve import resolve
from mnistspec.source import Source
from mnistspec.spec import DataSpec, SourceSpec, Step

HEAD = "mnistspec: 1\nmodel: {kind: functional, layers: [Flatten]}\ndata:\n"


def data_of(text: str) -> DataSpec:
    """The `data` section, bound as a spec's is: every default filled in."""
    source = Source(HEAD + textwrap.indent(textwrap.dedent(text), "  "))
    resolved = resolve(parse(source).value, allow_env=False)
    spec = bind(resolved.value, catalogue.load(), source)
    assert not spec.diagnostics, spec.diagnostics
    return spec.value.data


def source_of(text: str) -> SourceSpec:
    return data_of(f"source: {text}").source


def steps_of(text: str) -> tuple[Step, ...]:
    return data_of(f"source: mnist_sample\nprepare: {{x: {text}}}").prepare_x


def loaded(text: str, folder: Path, seed: int = 7, say: Callable[[str], None] = lambda _: None) -> LoadedData:
    return load(data_of(text), seed=seed, folder=folder, say=say)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), "utf-8")
    return path


def write_picture(
    path: Path, color: int | tuple[int, ...] = 0, size: tuple[int, int] = (4, 4), mode: str = "L"
) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path)
    return path


def counts(labels: object) -> Mapping[int, int]:
    import numpy as np

    values, numbers = np.unique(labels, return_counts=True)
    return dict(zip(values.tolist(), numbers.tolist(), strict=True))
