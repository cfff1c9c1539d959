"""The data a model learns from: where it comes from, what is known of it before it is loaded, and loading it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from mnistspec.datasets.facts import NOTHING_KNOWN, UNKNOWN, ArrayFacts, DataFacts
from mnistspec.datasets.loaded import LoadedData, RawData, Request, Split
from mnistspec.datasets.options import HiddenOption
from mnistspec.datasets.prepared import prepare_facts, with_validation
from mnistspec.datasets.sources import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    mnist,
    mnist_sample,
    reuters,
)
from mnistspec.datasets.sources.base import DataSource
from mnistspec.datasets.step_facts import StepProblem
from mnistspec.datasets.targets import target_facts, targets_for
from mnistspec.diagnostics import BadData, MissingExtra
from mnistspec.spec import DataSpec, SourceSpec

__all__ = [
    "NOTHING_KNOWN",
    "SOURCES",
    "STREAMING",
    "UNKNOWN",
    "ArrayFacts",
    "DataFacts",
    "LoadedData",
    "Split",
    "StepProblem",
    "facts_of",
    "load",
    "prepared_facts",
    "target_facts",
    "targets_for",
]


def _of_own_files(name: str) -> DataSource:
    """A source of the user's own files: few specs have one, and its module is imported for those."""

    def module() -> DataSource:
        source: DataSource = import_module(f"mnistspec.datasets.sources.{name}").SOURCE
        return source

    return DataSource(
        lambda source, folder: module().facts(source, folder), lambda source, request: module().load(source, request)
    )


# Every source by the name that `data.source` has for it.
SOURCES: Mapping[str, DataSource] = {
    "mnist": mnist.SOURCE,
    "fashion_mnist": fashion_mnist.SOURCE,
    "cifar10": cifar10.SOURCE,
    "cifar100": cifar100.SOURCE,
    "imdb": imdb.SOURCE,
    "reuters": reuters.SOURCE,
    "boston_housing": boston_housing.SOURCE,
    "california_housing": california_housing.SOURCE,
    "mnist_sample": mnist_sample.SOURCE,
    "npz": _of_own_files("npz"),
    "csv": _of_own_files("csv"),
    "images": _of_own_files("images"),
}

# The sources whose examples can stay on the disk.
STREAMING = frozenset({"npz", "images"})


def facts_of(source: SourceSpec, folder: Path) -> DataFacts:
    """What is known of a source's arrays, unprepared; unknown where its file is absent.

    Relative paths start at `folder`. Raises: BadData for a file that does not hold what the options say.
    """
    try:
        return SOURCES[source.name].facts(source, folder)
    except HiddenOption:
        return NOTHING_KNOWN


def prepared_facts(data: DataSpec, folder: Path) -> DataFacts:
    """What will be known of the data after preparation, with the number of examples in each split.

    Raises: StepProblem for a step that cannot apply, for a validation source unlike the training source, and for one
    that cannot be streamed but should; BadData as `facts_of`.
    """
    _require_streaming(data)
    raw = facts_of(data.source, folder)
    facts = prepare_facts(data, raw)
    if not isinstance(data.validation, SourceSpec):
        return facts
    try:
        other = facts_of(data.validation, folder)
        return replace(facts, validation=with_validation(data, raw, other).validation)
    except BadData as error:
        raise StepProblem(str(error), span=data.validation_span) from None


def _require_streaming(data: DataSpec) -> None:
    if data.hold == "streamed" and data.source.name not in STREAMING:
        raise StepProblem(
            f"the examples of `{data.source.name}` cannot be left on the disk; those of "
            f"{' and '.join(f'`{name}`' for name in sorted(STREAMING))} can",
            help="hold: auto",
            span=data.hold_span or data.span,
        )


def load(
    data: DataSpec,
    *,
    seed: int,
    folder: Path,
    say: Callable[[str], None],
    warn: Callable[[str], None] | None = None,
    stored: bool = False,
    streamed: bool = False,
) -> LoadedData:
    """Reads, splits and prepares the data.

    `say` gets a line of text now and then, as of a download, and `warn` (if not given, `say`) what must be heard.
    `stored` leaves inputs that can wait as the source has them, to be prepared as they are taken; `streamed` leaves
    them on the disk too, where the source is one of `STREAMING`.

    Raises: DataUnavailable (no file, no network, damaged file), BadData (a file that does not hold what the spec
    says), MissingExtra (no NumPy or Keras).
    """
    try:
        from mnistspec.datasets.loading import load_data
    except ModuleNotFoundError as error:
        raise MissingExtra(f"Loading data needs {error.name}: `pip install 'mnistspec[cpu]'` installs it.") from error
    return load_data(
        data, read_source, seed=seed, folder=folder, say=say, warn=warn or say, stored=stored, streamed=streamed
    )


def read_source(source: SourceSpec, request: Request) -> RawData:
    """All the arrays of a source, unprepared. Raises: as `load`."""
    return SOURCES[source.name].load(source, request)
