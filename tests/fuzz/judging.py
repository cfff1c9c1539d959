"""What holds for any bytes: findings with places in the text, in every form, soon and in little memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from mnistspec.diagnostics import CODES, Diagnostic
from mnistspec.formats import FORMATS, Checked, Findings, formatted
from mnistspec.parse import decode
from mnistspec.pipeline import check_source

# Of the processor; a test gives slow machines three times as much.
SECONDS = 1.0
MEGABYTES = 500


def findings_of(data: bytes, folder: Path) -> tuple[Diagnostic, ...]:
    """What checking the bytes finds, as if they lay in a file of that folder."""
    outcome = decode(data, "input.yaml", folder / "input.yaml")
    return outcome.diagnostics if outcome.value is None else check_source(outcome.value).diagnostics


def complaint(data: bytes, folder: Path, seconds: float = SECONDS) -> str | None:
    """What is wrong with how the bytes are checked; None where nothing is. Raises whatever the check raises."""
    started = time.process_time()
    found = findings_of(data, folder)
    taken = time.process_time() - started
    if taken > seconds:
        return f"took {taken:.1f} s"
    for diagnostic in found:
        if diagnostic.code not in CODES or not _has_place(diagnostic):
            return f"a finding without code or place: {diagnostic!r}"
    findings = Findings((Checked("input.yaml", found),))
    for form in FORMATS:
        formatted(form, findings).encode("utf-8")
    json.loads(formatted("json", findings))
    return None


def peak() -> float:
    """The most memory that this process has had, in megabytes (macOS counts in bytes, Linux in kilobytes).

    On Linux `ru_maxrss` also counts what the process that started this one had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        own = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(own.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _has_place(diagnostic: Diagnostic) -> bool:
    """Whether every place of a finding lies inside its text."""
    spans = [diagnostic.span, diagnostic.fix.span if diagnostic.fix else None, *(r.span for r in diagnostic.related)]
    return all(0 <= span.start <= span.end <= len(span.source.text) for span in spans if span is not None)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        findings_of(Path(name).read_bytes(), Path(name).parent)
    print(peak())
