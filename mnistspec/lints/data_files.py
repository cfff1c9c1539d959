"""Data files and folders that are not on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.sources.base import below
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import SourceSpec, Spec

# Options that name what a source reads, and what must be there.
_PATHS = ("path", "test_path")
_KINDS = {"npz": "file", "csv": "file", "images": "folder"}


def data_files(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """A note, not a warning: specs are checked where their data is not, and that makes no spec wrong."""
    if spec.data is None:
        return ()
    sources = (spec.data.source, spec.data.validation)
    return tuple(found for source in sources if isinstance(source, SourceSpec) for found in _of(source, spec))


def _of(source: SourceSpec, spec: Spec) -> Iterator[Diagnostic]:
    kind = _KINDS.get(source.name)
    for name in _PATHS if kind is not None else ():
        written = source.options.get(name)
        if isinstance(written, str) and not _is_there(below(spec.source.folder, written), kind):
            message = f"there is no {kind} `{written}` on this machine"
            help = "paths start at the spec's folder; `run` needs it there"
            yield Diagnostic("I902", message, source.spans.get(name, source.span), help)


def _is_there(path: Path, kind: str | None) -> bool:
    return path.is_dir() if kind == "folder" else path.is_file()
