"""`mnistspec fmt`: specs in the one layout."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from mnistspec.cli.declared import Option
from mnistspec.cli.inputs import find_inputs
from mnistspec.cli.options import SpecPaths, one_of, show_diagnostics, standard_input, tell, tell_unread, wants_colour
from mnistspec.cli.rewriting import as_bytes, difference, rewrite
from mnistspec.diagnostics import Outcome, UsageError, has_errors
from mnistspec.formats.findings import Unread
from mnistspec.formats.json import as_data, dumped
from mnistspec.formats.untrusted import encodable, one_line
from mnistspec.frozen import dataclass
from mnistspec.layout import Layout, lay_out
from mnistspec.parse import decode, read_source
from mnistspec.source import Source

_FORMATS = ("text", "json")


@dataclass(frozen=True)
class _Laid:
    """A spec by the name it was given under, laid out; `data` is what was read from standard input."""

    path: str
    layout: Layout
    data: bytes | None = None

    @property
    def is_wrong(self) -> bool:
        return has_errors(self.layout.diagnostics)

    @property
    def status(self) -> str:
        if self.is_wrong:
            return "wrong"
        if self.layout.left is not None:
            return "left"
        return "changed" if self.layout.is_changed else "unchanged"


def fmt(
    specs: SpecPaths,
    check: Annotated[bool, Option("--check", "Write nothing; exit with 1 when a file would change.")] = False,
    diff: Annotated[bool, Option("--diff", "Show what would change, and write nothing; exits as --check.")] = False,
    format: Annotated[str, Option("--format", "text, or json: what became of each spec.")] = "text",
) -> int:
    """Bring specs into the one layout: what they say stays as it is written, and so do comments.

    A text that is not YAML is left as it is, with its findings; so is one that cannot be kept, with a word why.
    Exits with 0; with 1 when a text is not YAML, or would change and --check or --diff is given; with 2 when one
    could not be read or written.

    Example: mnistspec fmt specs/ --check
    """
    one_of(format, _FORMATS, "--format")
    inputs = find_inputs(specs)
    unread = list(inputs.unread)
    laid = [one for path in inputs.paths if (one := _read(path, unread)) is not None]
    if not (check or diff):
        _write([one for one in laid if one.data is None])
    if format == "json":
        tell(dumped(_as_data(laid, unread, diff=diff)))
    else:
        _show(laid, check=check, diff=diff)
    tell_unread(unread)
    changed = any(one.status == "changed" for one in laid)
    return 2 if unread else int(any(one.is_wrong for one in laid) or ((check or diff) and changed))


def _read(path: str, unread: list[Unread]) -> _Laid | None:
    """The spec at a path, laid out; None where it cannot be read, which stops none of the others."""
    try:
        data = standard_input() if path == "-" else None
        outcome = read_source(Path(path), path) if data is None else decode(data, "<stdin>")
    except UsageError as error:
        unread.append(Unread(path, str(error)))
        return None
    return _Laid(path, _laid_out(outcome, path), data)


def _laid_out(outcome: Outcome[Source], path: str) -> Layout:
    if outcome.value is None:
        return Layout(Source("", path), "", outcome.diagnostics)
    return lay_out(outcome.value)


def _write(laid: Sequence[_Laid]) -> None:
    """Raises: OutputFailed."""
    for one in laid:
        if one.status == "changed":
            rewrite(Path(one.path), one.layout.source.text, one.layout.text)


def _show(laid: Sequence[_Laid], *, check: bool, diff: bool) -> None:
    """Says what became of each spec; a text or a difference has standard output to itself."""
    aside = diff or any(one.data is not None for one in laid)
    for one in laid:
        name = one_line(one.layout.source.name if one.data is not None else one.path)
        show_diagnostics(one.layout.diagnostics)
        if one.layout.left is not None:
            tell(f"{name} is left as it is: {one.layout.left}", err=True)
        if diff:
            tell(difference(one.layout.source, one.layout.text, colour=wants_colour(sys.stdout)), end="")
        elif one.data is not None and not check:
            _print_text(one, one.data)
        if one.status == "changed" and (one.data is None or check):
            tell(f"{'would format' if check or diff else 'formatted'} {name}", err=aside)
    if not aside:
        tell(_count_line(laid, planned=check))


def _print_text(one: _Laid, data: bytes) -> None:
    """The text of standard input in the one layout, or byte for byte where it stays."""
    text = as_bytes(one.layout.text, marked=data.startswith(codecs.BOM_UTF8))
    sys.stdout.flush()
    sys.stdout.buffer.write(text if one.status == "changed" else data)
    sys.stdout.buffer.flush()


def _count_line(laid: Sequence[_Laid], *, planned: bool) -> str:
    """`3 specs: 1 formatted, 2 unchanged`."""
    words = {"changed": "to be formatted" if planned else "formatted", "unchanged": "unchanged",
             "left": "left as they are", "wrong": "with mistakes"}  # fmt: skip
    counts = {word: sum(one.status == status for one in laid) for status, word in words.items()}
    total = "1 spec" if len(laid) == 1 else f"{len(laid)} specs"
    return f"{total}: " + (", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing to do")


def _as_data(laid: Sequence[_Laid], unread: Sequence[Unread], *, diff: bool) -> list[dict[str, Any]]:
    """An object a spec; the text of standard input stands in its own."""
    found = [
        {
            "path": one.layout.source.name if one.data is not None else one.path,
            "status": one.status,
            "reason": one.layout.left,
            "diagnostics": [as_data(diagnostic) for diagnostic in one.layout.diagnostics],
            **({"diff": encodable(difference(one.layout.source, one.layout.text))} if diff else {}),
            **({"text": one.layout.text} if one.data is not None else {}),
        }
        for one in laid
    ]
    return found + [
        {"path": missing.path, "status": "unread", "reason": missing.reason, "diagnostics": []} for missing in unread
    ]
