"""A name for each finding that stays when its line moves, so that a server knows an old finding from a new one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.findings import Findings
from mnistspec.formats.places import repository_path
from mnistspec.frozen import dataclass
from mnistspec.source import Span


@dataclass(frozen=True)
class Placed:
    """A finding as servers want it: the file's path in the repository, the stretch of it, and its lasting name."""

    diagnostic: Diagnostic
    path: str
    span: Span | None
    fingerprint: str


def placed(findings: Findings) -> Iterator[Placed]:
    """Every finding with its fingerprint, no two alike.

    A fingerprint is the SHA-256 of the code, the path, what stands at the place and on its line, and how many findings
    before it are the same in all of these. It does not hang on the line's number, nor on the words of the message.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for spec in findings.checked:
        for diagnostic in spec.diagnostics:
            name, span = spec.place(diagnostic)
            path = repository_path(name)
            facts = (diagnostic.code, path, *_standing(diagnostic, span))
            yield Placed(diagnostic, path, span, _digest(*facts, str(seen[facts])))
            seen[facts] += 1


def _standing(diagnostic: Diagnostic, span: Span | None) -> tuple[str, str]:
    if span is None:
        return "", diagnostic.message
    return " ".join(span.text.split()), " ".join(span.source.line(span.line).split())


def _digest(*facts: str) -> str:
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
