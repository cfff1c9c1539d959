"""The manual's pages as their fenced blocks, each with what a comment before it says about checking it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mnistspec

ROOT = Path(mnistspec.__file__).parent.parent

# Pages that the product makes out of what it has checked itself, and where a test holds that they are fresh and right.
MADE = {
    "docs/diagnostics.md": "tests/explanations",
    "docs/reference.md": "tests/reference",
}

_BLOCK = re.compile(
    r"^(?:<!-- (?P<about>.+?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page and line, its language, its text, and the comment in the line before it."""

    page: str
    line: int
    language: str
    text: str
    about: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> tuple[str, ...]:
    """The pages that are written by hand, from the root."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    return tuple(name for page in found if (name := page.relative_to(ROOT).as_posix()) not in MADE)


def blocks(*languages: str) -> list[Block]:
    """The blocks of these languages on all pages."""
    return [block for page in pages() for block in _of_page(page) if block.language in languages]


def _of_page(page: str) -> Iterator[Block]:
    text = (ROOT / page).read_text("utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(page, line, found["language"], found["text"], found["about"] or "")
