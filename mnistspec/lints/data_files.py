"""Data files, folders and vocabularies that are not on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnistspec.calls import Call
from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.sources.base import below
from mnistspec.datasets.vocabulary import vocabulary_file
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import SourceSpec, Spec
from mnistspec.typed import TypedGraph

# Options that name what a source reads, and what must be there.
_PATHS = ("path", "test_path")
_WITH_VOCABULARY = ("IntegerLookup", "StringLookup", "TextVectorization")
_KINDS = {"npz": "file", "csv": "file", "images": "folder"}


def data_files(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """A note, not a warning: specs are checked where their data is not, and that makes no spec wrong."""
    if spec.data is None:
        return ()
    sources = (spec.data.source, spec.data.validation)
    return tuple(found for source in sources if isinstance(source, SourceSpec) for found in _of(source, spec))


def vocabulary_files(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """A note for the same reason, although a layer cannot be made without its vocabulary."""
    calls = (node.call for node in typed.of_classes(_WITH_VOCABULARY) if node.call is not None)
    return tuple(found for call in calls for found in _of_vocabulary(call))


def _of_vocabulary(call: Call) -> Iterator[Diagnostic]:
    path = vocabulary_file(call)
    if path is not None and not path.is_file():
        message = f"there is no file `{call.argument('vocabulary')}` on this machine"
        help = "paths start at the spec's folder; the model is made of it there, one token a line"
        yield Diagnostic("I902", message, call.span_of("vocabulary"), help)


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
