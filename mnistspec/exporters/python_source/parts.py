"""A part of the script: lines of code, and what they take for granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import DataUnavailable
from mnistspec.exporters.python_source.layout import call, quoted, statement
from mnistspec.frozen import dataclass
from mnistspec.spec import SourceSpec


@dataclass(frozen=True)
class Part:
    """Lines of a function's body, and the imports, constants (lines by name) and functions that they use.

    `snippets` names functions that many scripts share; `functions` are the lines of those of this script alone.
    """

    lines: tuple[str, ...] = ()
    imports: frozenset[str] = frozenset()
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    snippets: frozenset[str] = frozenset()
    functions: tuple[tuple[str, ...], ...] = ()

    def __add__(self, other: Part) -> Part:
        """Both, one after the other; of two constants of one name the first."""
        return Part(
            self.lines + other.lines,
            self.imports | other.imports,
            {**other.constants, **self.constants},
            self.snippets | other.snippets,
            self.functions + other.functions,
        )


def joined(parts: Iterable[Part]) -> Part:
    """The parts one after the other."""
    return sum(parts, Part())


@dataclass(frozen=True)
class SourceToRead:
    """A source that the script reads: what is known of it, where its paths start, and what to call its splits.

    `train` and `test` are the names of the splits in variables, `test` None where only the first is wanted.
    `like` is the training source when this one is for validation.
    """

    spec: SourceSpec
    facts: DataFacts
    folder: Path
    train: str = "train"
    test: str | None = "test"
    like: SourceSpec | None = None


def path_part(path: str, folder: Path) -> Part:
    """A path of the spec as a part of one line."""
    if path.startswith("~"):
        return Part((f"Path({quoted(path)}).expanduser()",))
    if Path(path).is_absolute():
        return Part((f"Path({quoted(path)})",))
    start = call("Path", [] if folder == Path() else [quoted(folder.as_posix())])
    constant = statement(start, "DATA = ", depth=0)
    return Part((f"DATA / {quoted(path)}",), constants={"DATA": ("# Where the paths of the spec start.", *constant)})


def require_there(path: Path, there: bool) -> None:
    """Raises: DataUnavailable when it is not there."""
    if not there:
        raise DataUnavailable(
            f"{path} is not there, and what is in it decides how the script reads it: bring it here, or leave `fit`"
            " out of the spec, which exports the model alone"
        )
