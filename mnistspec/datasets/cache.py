"""The data sets in Keras' cache as a person manages them: listed, fetched, imported from a file at hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnistspec.datasets import SOURCES
from mnistspec.datasets.cached_files import FileState, path_of, state_of
from mnistspec.datasets.download import Unreachable, download
from mnistspec.datasets.loaded import Say
from mnistspec.datasets.sources import mnist_sample
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import BadData, DataUnavailable, OutputFailed, UsageError
from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class CachedState:
    """One file of a data set: where it belongs, where it comes from, what lies there, its size (bytes; 0: absent)."""

    path: Path
    url: str
    state: FileState
    bytes: int


@dataclass(frozen=True)
class DatasetState:
    """A published data set and its files. `packaged` says that it comes with mnistspec itself."""

    name: str
    files: tuple[CachedState, ...]
    packaged: bool = False

    @property
    def present(self) -> bool:
        """Whether every file is there, whole or not."""
        return all(file.state is not FileState.ABSENT for file in self.files)

    @property
    def usable(self) -> bool:
        """Whether every file is there and is what was published."""
        return all(file.state.usable for file in self.files)

    @property
    def bytes(self) -> int:
        """The size of its files together (bytes)."""
        return sum(file.bytes for file in self.files)


def names() -> tuple[str, ...]:
    """The data sets that can be fetched and imported."""
    return tuple(name for name, source in SOURCES.items() if source.files)


def states() -> tuple[DatasetState, ...]:
    """Every published data set with the state of its files, by digest. Raises: DataUnavailable for unreadable files."""
    published = (state(name) for name in names())
    sample = CachedFile(mnist_sample.PATH.name, "", mnist_sample.SHA256)
    packaged = DatasetState("mnist_sample", (_look(sample, mnist_sample.PATH),), packaged=True)
    return (*published, packaged)


def state(name: str) -> DatasetState:
    """One data set with the state of its files. Raises: UsageError for a name that there is not, DataUnavailable."""
    return DatasetState(name, tuple(_look(file, path_of(file)) for file in _files(name)))


def _look(file: CachedFile, path: Path) -> CachedState:
    return CachedState(path, file.url, state_of(file, path), path.stat().st_size if path.is_file() else 0)


def _files(name: str) -> tuple[CachedFile, ...]:
    if name not in names():
        raise UsageError(f"There is no data set `{name}` to fetch or import; there are {', '.join(names())}.")
    return SOURCES[name].files


def fetch(name: str, say: Say) -> DatasetState:
    """Downloads the files of a data set that are absent or damaged; a damaged one is kept aside as `NAME.damaged`.

    Raises: DataUnavailable when the network fails, OutputFailed when the disk does, UsageError for an unknown name.
    """
    for file in _files(name):
        target = path_of(file)
        found = state_of(file)
        if found.usable:
            say(f"{target} is there already")
            continue
        with _replacing(target, found, say):
            _download(name, file, target, say)
        say(f"{target}: downloaded, digest correct")
    return state(name)


def _download(name: str, file: CachedFile, target: Path, say: Say) -> None:
    try:
        download(file, target, say)
    except Unreachable as error:
        raise DataUnavailable(
            f"{file.url} cannot be downloaded ({error}): fetch it on another machine and run"
            f" `mnistspec data import {name} FILE` here."
        ) from error


@contextmanager
def _replacing(target: Path, found: FileState, say: Say) -> Iterator[None]:
    """Moves a damaged file aside while a whole one takes its place, and back when nothing came."""
    if found is not FileState.DAMAGED:
        yield
        return
    aside = target.with_name(f"{target.name}.damaged")
    with _writing(target):
        target.replace(aside)
    try:
        yield
    except BaseException:
        aside.replace(target)
        raise
    say(f"{aside} is the damaged file that was there before")


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFailed(f"{target}: cannot be written ({error.strerror or error}).") from error


def import_file(name: str, path: Path, say: Say = lambda _: None) -> tuple[Path, ...]:
    """Copies a file, or those of a folder that belong to the data set, into Keras' cache; answers with their places.

    A file is taken only if its digest is the published one, or if it is an `.npz` with exactly MNIST's arrays; a
    damaged file in its place is kept aside as `NAME.damaged`.
    Raises: UsageError for a path or name that there is not, BadData for another file, DataUnavailable, OutputFailed.
    """
    files = _files(name)
    found = [(file, candidate) for candidate in _candidates(path) for file in files if state_of(file, candidate).usable]
    if not found:
        expected = ", ".join(file.url.rsplit("/", 1)[-1] for file in files)
        raise BadData(f"{path} is no file of {name}: the digest differs from that of {expected}. Nothing was changed.")
    return tuple(_place(file, candidate, say) for file, candidate in found)


def _candidates(path: Path) -> list[Path]:
    if not path.exists():
        raise UsageError(f"{path}: there is no such file.")
    try:
        return sorted(entry for entry in path.iterdir() if entry.is_file()) if path.is_dir() else [path]
    except OSError as error:
        raise DataUnavailable(f"{path}: cannot be read ({error.strerror or error}).") from error


def _place(file: CachedFile, source: Path, say: Say) -> Path:
    """Copies a file to its place, unless the published one is there; what is verified is the copy."""
    target, there = path_of(file), state_of(file)
    if there is FileState.GOOD or (there.usable and target.samefile(source)):
        return target
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, partial)
        if not state_of(file, partial).usable:
            raise BadData(f"{source} changed while it was copied; nothing was changed.")
        with _replacing(target, there, say), _writing(target):
            partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink()
    return target
