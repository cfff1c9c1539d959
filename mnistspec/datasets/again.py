"""A finished run's data read a second time: the same splits by the same seed, prepared as they were then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mnistspec.datasets import read_source
from mnistspec.datasets.digest import data_digest
from mnistspec.datasets.loaded import Indices, RawSplit, Request, Split
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.splits import draw_splits
from mnistspec.diagnostics import UsageError
from mnistspec.frozen import dataclass
from mnistspec.spec import DataSpec, SourceSpec


@dataclass(frozen=True, eq=False)
class ReadAgain:
    """One split, the digest of all the run's data as they are today, and which source they really came from."""

    split: Split
    digest: str
    origin: str


def read_again(
    data: DataSpec,
    preparation: Preparation,
    split: str,
    *,
    seed: int,
    folder: Path,
    say: Callable[[str], None],
    streamed: bool = False,
) -> ReadAgain:
    """Reads a run's data and prepares one split with what the run's preparation learnt then; `streamed` as for `load`.

    Raises: UsageError for a split that there is not; DataUnavailable, BadData and MissingExtra as loading does.
    """
    # Categories and classes keep the ids that they had: those of the saved layout.
    request = Request(folder, data.offline, say, say, preparation.layout, streamed)
    source = read_source(data.source, request)
    other = read_source(data.validation, request) if isinstance(data.validation, SourceSpec) else None
    splits = draw_splits(data, source, other, seed)
    if split not in splits:
        raise UsageError(f"the run's data has no {split} split; it has {', '.join(splits)}")
    digest = data_digest({name: drawn.examples for name, drawn in splits.items()})
    chosen = splits[split]
    return ReadAgain(prepared(chosen.examples, chosen.indices, preparation), digest, source.origin)


def prepared(raw: RawSplit, indices: Indices, preparation: Preparation) -> Split:
    """Raw examples with a saved preparation applied. Raises: BadData for examples unlike those trained on."""
    labels = preparation.apply_y(raw.y) if raw.y else {}
    return Split(preparation.apply_x(raw.x), labels, raw.x, indices)
