"""What every source is: its facts, its loader, and the files it has in Keras' cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.frozen import dataclass
from mnistspec.spec import SourceSpec

# Where Keras fetches its smaller data sets from.
KERAS_BUCKET = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True)
class CachedFile:
    """One file of a data set: its path below Keras' `datasets` folder, where it is published, and its digest (hex).

    `same_contents` tells of a file with another digest whether the published data are in it all the same.
    """

    path: str
    url: str
    digest: str
    algorithm: str = "sha256"
    same_contents: Callable[[Path], bool] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class DataSource:
    """One source. `facts` reads at most headers and needs no NumPy; `load` imports what it needs when it is called.

    `facts` answers with unknown facts where a file is absent. Both raise BadData for a file that does not hold what
    the options say; `load` raises DataUnavailable for one that is not there.
    """

    facts: Callable[[SourceSpec, Path], DataFacts]
    load: Callable[[SourceSpec, Request], RawData]
    files: tuple[CachedFile, ...] = ()


def below(folder: Path, path: str) -> Path:
    """A path of a spec: `~` is the home folder, a relative path starts at the spec's folder."""
    return folder / Path(path).expanduser()


def keras_split_sizes(count: int, test_split: float) -> tuple[int, int]:
    """How many of `count` examples Keras' loaders put into training and test, rounding as they do."""
    train = int(count * (1 - test_split))
    return train, count - train
