"""How raw input in files becomes arrays: the columns of a table, the form of pictures; kept with a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, TypeAlias

from mnistspec.frozen import dataclass

# The columns of each array: one name for an array of single values, several for one of rows.
Columns: TypeAlias = Mapping[str, "str | tuple[str, ...]"]

# Keras' words for resizing pictures, as far as Pillow has such a filter.
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "area", "lanczos3")


@dataclass(frozen=True)
class TableLayout:
    """The columns of a CSV file that feed each input and each label array, and what their words mean.

    `categories` and `classes` hold, by column, the words in the order of their ids: from 1 for categories (0 is a word
    not seen in training), from 0 for classes.
    """

    features: Mapping[str, tuple[str, ...]]
    labels: Columns = field(default_factory=dict)
    text: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    delimiter: str = ","

    def columns(self) -> tuple[str, ...]:
        """Every column needed, features first, each once."""
        names = [name for columns in self.features.values() for name in columns]
        for label in self.labels.values():
            names.extend([label] if isinstance(label, str) else label)
        return tuple(dict.fromkeys(names))

    def without_labels(self) -> TableLayout:
        """The layout of a file that holds inputs only."""
        return replace(self, labels={}, classes={})

    def to_json(self) -> dict[str, Any]:
        """As plain data; `layout_from_json` reads it back."""
        return {
            "kind": "table",
            "features": {name: list(columns) for name, columns in self.features.items()},
            "labels": {name: label if isinstance(label, str) else list(label) for name, label in self.labels.items()},
            "text": list(self.text),
            "categories": {column: list(words) for column, words in self.categories.items()},
            "classes": {column: list(words) for column, words in self.classes.items()},
            "delimiter": self.delimiter,
        }


@dataclass(frozen=True)
class PictureLayout:
    """The form that pictures are brought into: `image_size` is (height, width), `classes` names the labels."""

    image_size: tuple[int, int]
    color_mode: str = "rgb"
    interpolation: str = "bilinear"
    classes: tuple[str, ...] = ()

    @property
    def channels(self) -> int:
        return {"grayscale": 1, "rgb": 3, "rgba": 4}[self.color_mode]

    def to_json(self) -> dict[str, Any]:
        """As plain data; `layout_from_json` reads it back."""
        return {
            "kind": "pictures",
            "image_size": list(self.image_size),
            "color_mode": self.color_mode,
            "interpolation": self.interpolation,
            "classes": list(self.classes),
        }


Layout: TypeAlias = TableLayout | PictureLayout


def layout_from_json(document: Mapping[str, Any]) -> Layout:
    """A layout from its JSON form. Raises: KeyError, TypeError or ValueError for a document that is none."""
    if document["kind"] == "pictures":
        height, width = document["image_size"]
        words = tuple(document["classes"])
        return PictureLayout((height, width), document["color_mode"], document["interpolation"], words)
    if document["kind"] != "table":
        raise ValueError(f"there is no layout of kind {document['kind']!r}")
    return TableLayout(
        features=_tuples(document["features"]),
        labels={name: label if isinstance(label, str) else tuple(label) for name, label in document["labels"].items()},
        text=tuple(document["text"]),
        categories=_tuples(document["categories"]),
        classes=_tuples(document["classes"]),
        delimiter=document["delimiter"],
    )


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in lists.items()}
