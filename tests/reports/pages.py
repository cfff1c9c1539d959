"""Reading a report back: an HTML page taken apart, and the tables of a Markdown text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "img", "col"}


class Page(HTMLParser):
    """A page's elements with their attributes, and its text; fails on an element that is not closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text += data

    def named(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def of_class(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]


def unfenced(markdown: str) -> str:
    """A Markdown text without its code blocks."""
    return re.sub(r"^(`{3,})\w*\n.*?^\1$", "", markdown, flags=re.MULTILINE | re.DOTALL)


def tables(markdown: str) -> list[list[list[str]]]:
    """The tables outside of code blocks: rows of cells, split at the pipes that no backslash stands before."""
    blocks = (block.splitlines() for block in unfenced(markdown).split("\n\n"))
    found = ([line for line in lines if line.startswith("|")] for lines in blocks)
    return [[re.split(r"(?<!\\)\|", line)[1:-1] for line in lines] for lines in found if lines]
