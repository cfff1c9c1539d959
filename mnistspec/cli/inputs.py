"""Which specs a command is about: files, folders, patterns and standard input, each file once."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from mnistspec.formats.findings import Unread
from mnistspec.frozen import dataclass
from mnistspec.parse import MAX_BYTES

_ENDINGS = (".yaml", ".yml")
_RUN = "run.json"
_MAGIC = re.compile("[*?[]")
# A key at the left margin, or the first one in a map between braces.
_SAYS_IT_IS_ONE = re.compile(rb"""^(?:\{\s*)?["']?mnistspec["']?[ \t]*:(?:\s|$)""", re.MULTILINE)
_MARKS = codecs.BOM_UTF8 + codecs.BOM_UTF16


@dataclass(frozen=True)
class Inputs:
    """The specs to read, `-` for standard input, and what was named and is not there."""

    paths: tuple[str, ...]
    unread: tuple[Unread, ...]


def find_inputs(arguments: Sequence[str]) -> Inputs:
    """The specs that the arguments name, in their order, those of a folder or a pattern sorted.

    A folder is searched for `.yaml` and `.yml` files with a key `mnistspec` at the top; hidden ones, links to folders
    and the folders of runs are passed over. A file that several arguments name is taken once.
    """
    paths: dict[str, str] = {}
    unread: list[Unread] = []
    for argument in arguments:
        for found in _named(argument):
            if isinstance(found, Unread):
                unread.append(found)
            else:
                paths.setdefault(found if found == "-" else os.path.normcase(os.path.realpath(found)), found)
    return Inputs(tuple(paths.values()), tuple(unread))


def _named(argument: str) -> Iterator[str | Unread]:
    """The specs that one argument names."""
    if argument == "-":
        yield argument
    elif not os.path.lexists(argument) and _MAGIC.search(argument):
        yield from _matching(argument)
    else:
        yield from _searched_if_folder(argument)


def _matching(pattern: str) -> Iterator[str | Unread]:
    """What a pattern stands for, where no shell has put that in."""
    anchor, *parts = _parts(pattern)
    matches = sorted(set(_expanded(anchor, parts)), key=_parts)
    if not matches:
        yield Unread(pattern, f"no file matches `{pattern}`")
    for match in matches:
        yield from _searched_if_folder(match)


def _parts(path: str) -> tuple[str, ...]:
    """Where a path starts, empty for a relative one, and its names."""
    pure = Path(path)
    return pure.parts if pure.anchor else ("", *pure.parts)


def _expanded(folder: str, parts: Sequence[str]) -> Iterator[str]:
    """The paths below a folder that fit the parts of a pattern; `**` stands for any number of folders, also none.

    A part that is there to the letter, as a folder `a[1]`, is no pattern.
    """
    if not parts or parts == ["**"]:
        yield folder
        return
    part, *rest = parts
    if part == "**":
        for below, _ in _walked(folder):
            yield from _expanded(below, rest)
    elif os.path.lexists(path := _joined(folder, part)):
        yield from _expanded(path, rest)
    elif _MAGIC.search(part):
        for entry in _entries(folder):
            if _fits(entry.name, part) and (_leads_to_folder(entry) if rest else _is_file(entry)):
                yield from _expanded(_joined(folder, entry.name), rest)


def _fits(name: str, part: str) -> bool:
    """Whether a name fits a part of a pattern; hidden names want a pattern that begins with their dot."""
    return fnmatch(name, part) and (part.startswith(".") or not name.startswith("."))


def _searched_if_folder(path: str) -> Iterator[str | Unread]:
    if not os.path.isdir(path):  # noqa: PTH112, for any string an answer
        yield path
        return
    unread: list[Unread] = []
    found = sorted(_specs_in(path, unread), key=_parts)
    yield from found
    yield from unread
    if not found and not unread:
        yield Unread(path, f"there is no spec in `{path}`: no .yaml or .yml file with a key `mnistspec` at the top")


def _specs_in(folder: str, unread: list[Unread]) -> Iterator[str]:
    """The specs in a folder and the folders below."""
    for here, entries in _walked(folder, unread):
        # What a run keeps of its spec is no spec to be mended.
        is_run = here != folder and any(entry.name == _RUN for entry in entries)
        for entry in entries if not is_run else ():
            path = _joined(here, entry.name)
            if entry.name.endswith(_ENDINGS) and _fits(entry.name, "*") and _is_spec(entry, path):
                yield path


def _walked(folder: str, unread: list[Unread] | None = None) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """A folder and those below it with their entries; hidden folders and links to folders are not entered."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        entries = _entries(here, unread)
        yield here, entries
        below = (entry for entry in entries if entry.is_dir(follow_symlinks=False) and _fits(entry.name, "*"))
        waiting += [_joined(here, entry.name) for entry in below]


def _entries(folder: str, unread: list[Unread] | None = None) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as entries:
            return list(entries)
    except OSError as error:
        if unread is not None:
            unread.append(Unread(folder, f"`{folder}` cannot be read: {error.strerror or error}"))
        return []


def _joined(folder: str, name: str) -> str:
    return os.path.join(folder, name)  # noqa: PTH118, a Path would lose how the folder was named


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file. A link that leads nowhere, or round in a circle, counts: reading it tells so."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))  # noqa: PTH110, no Path needed
    except OSError:
        return True


def _is_spec(entry: os.DirEntry[str], path: str) -> bool:
    """Whether a file says that it is a spec. One that cannot be opened counts, so that reading it tells why."""
    try:
        if not _is_file(entry):
            return False
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except OSError:
        return True
    # Without its zeros UTF-16 reads like ASCII; that it is UTF-16 is for the checker to tell.
    return _SAYS_IT_IS_ONE.search(data.replace(b"\0", b"").lstrip(_MARKS)) is not None
