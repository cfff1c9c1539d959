"""What people from elsewhere write, and what Keras or this language calls it: PyTorch, older Keras, plain English.

A table has one line for a name, `NAME: words`; `Name/name` are two spellings of one thing, of which the one in the
word's case is taken. A word on two lines means either. `word?` is near, and does not mean quite the same.
Case, `_`, `-` and spaces in a word do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mnistspec.frozen import dataclass
from mnistspec.meanings import layers, options, sections, training
from mnistspec.meanings.elsewhere import REMARKS, Remark

# By context: the namespace of a class, `arguments of` a namespace, the title of a section of the language, or the
# name of a data source or a preparation step.
_TABLES: Mapping[str, str] = {**layers.TABLES, **training.TABLES, **sections.TABLES, **options.TABLES}


@dataclass(frozen=True)
class Meaning:
    """One thing that a word may mean: its spellings, and whether it means just that."""

    spellings: tuple[str, ...]
    sure: bool


def form(word: str) -> str:
    """The word without what does not count: case, `_`, `-` and spaces."""
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def meanings(word: str, context: str) -> tuple[Meaning, ...]:
    """What the word may mean in a context; nothing, where it is not known there."""
    return _table(context).get(form(word), ())


def remark(word: str, context: str) -> Remark | None:
    """What there is to say of a word that has no counterpart."""
    return REMARKS.get(context, {}).get(form(word))


@cache
def _table(context: str) -> Mapping[str, tuple[Meaning, ...]]:
    """The table of a context by word, put together when it is first asked."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for line in _TABLES.get(context, "").splitlines():
        names, _, words = line.partition(":")
        spellings = tuple(names.strip().split("/"))
        for word in words.split():
            key = form(word.rstrip("?"))
            before = found.get(key, ())
            if all(meaning.spellings != spellings for meaning in before):
                found[key] = (*before, Meaning(spellings, sure=not word.endswith("?")))
    return found
