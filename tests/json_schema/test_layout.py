"""The layout of the schema's text."""

from __future__ import annotations

import json

from mnistspec.json_schema.layout import render

from .judges import schema


def test_what_fits_stands_on_one_line_and_the_rest_is_an_item_a_line() -> None:
    words = ["x" * 40, "y" * 40, "z" * 40]
    value = {"title": "a", "properties": {"units": {"type": "integer"}, "word": {"enum": words}}, "required": []}
    assert render(value).splitlines() == [
        "{",
        ' "title": "a",',
        ' "properties": {',
        '  "units": {"type": "integer"},',
        '  "word": {',
        '   "enum": [',
        *[f'    "{word}"{comma}' for word, comma in zip(words, (",", ",", ""), strict=True)],
        "   ]",
        "  }",
        " },",
        ' "required": []',
        "}",
    ]


def test_it_is_the_same_data() -> None:
    assert json.loads(render(schema())) == schema()
