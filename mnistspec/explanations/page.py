"""Explanations as Markdown: one for `mnistspec explain --format md`, all of them for `docs/diagnostics.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mnistspec.diagnostics import CODES
from mnistspec.explanations import Example, Explanation, explained, explanation
from mnistspec.formats.text import as_text

_STAGES: Mapping[str, str] = {
    "E1": "YAML", "E2": "Form", "E3": "Names and expansion", "E4": "Graph, shapes and data", "W5": "Training",
    "I9": "Notes",
}  # fmt: skip

_HEAD = """# Diagnostics

What `mnistspec validate` finds, by code. Errors (E) make a spec wrong; warnings (W) are mistakes that Keras accepts and
a person regrets; notes (I) are no faults. Warnings that are not wanted are named in a spec's `ignore:`, or on their
line: `# mnistspec: ignore[unused-node]`.

`mnistspec explain E412`, or `mnistspec explain shape-mismatch`, prints what this page says of one code. The tests check
every spec on it. The page is made from `mnistspec/explanations/` by `python -m mnistspec.explanations`.
"""


def docs_file() -> Path:
    """The page in a checkout."""
    return Path(__file__).resolve().parents[2] / "docs" / "diagnostics.md"


def page() -> str:
    """The whole page: an index of the codes, then stage by stage each with its reason and its examples."""
    codes = [code for stage in _STAGES for code in explained() if code.startswith(stage)]
    return "\n".join([_HEAD, index(codes, linked=True), *(_stage(stage, codes) for stage in _STAGES)])


def index(codes: Iterable[str], *, linked: bool) -> str:
    """A table of codes, linked to their sections or not."""
    rows = []
    for code in codes:
        name, title = CODES[code]
        shown = f"[{code}](#{code.lower()}-{name})" if linked else code
        rows.append(f"| {shown} | `{name}` | {title} |")
    return "\n".join(["| code | name | |", "|---|---|---|", *rows]) + "\n"


def section(told: Explanation) -> str:
    """One code: the reason, the example that it is found in with what is printed, and the one mended."""
    parts = [f"### {told.code} {told.name}\n", f"*{told.title[0].upper()}{told.title[1:]}.*\n", f"{told.why}\n"]
    parts.append(_block(told.wrong))
    printed = as_text(told.wrong.findings("wrong.yaml"))
    if printed:
        parts.append(f"```text\n{printed}\n```\n")
    return "\n".join([*parts, "Mended:\n", _block(told.right)])


def _stage(stage: str, codes: Iterable[str]) -> str:
    sections = [section(explanation(code)) for code in codes if code.startswith(stage)]
    return "\n".join([f"## {_STAGES[stage]}\n", *sections]) if sections else ""


def _block(example: Example) -> str:
    return f"```{example.language}\n{example.text}```\n"
