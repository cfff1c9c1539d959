"""Markup: nothing gets in unescaped, in an element or in an attribute."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from mnistspec.markup import Markup, escaped, prose, tag, visible


@given(st.text(), st.text())
def test_text_and_attributes_come_back_as_they_went_in(text: str, attribute: str) -> None:
    found = re.fullmatch(r'<p title="([^"<>]*)">([^<>]*)</p>', tag("p", text, title=attribute))
    assert found is not None
    assert [html.unescape(part) for part in found.groups()] == [visible(attribute), visible(text)]


@given(st.text(), st.text())
def test_an_element_with_children_is_xml_too(text: str, attribute: str) -> None:
    assert ElementTree.fromstring(tag("g", tag("title", text), class_=attribute)).tag == "g"


def test_markup_is_taken_over_as_it_is() -> None:
    assert tag("p", tag("b", "<x>"), " & ") == "<p><b>&lt;x&gt;</b> &amp; </p>"
    assert escaped(Markup("<br>")) == "<br>"


def test_attributes_are_spelled_as_html_spells_them() -> None:
    assert tag("td", class_="a", aria_label='"', data_x=1.50, hidden=True, id=None) == (
        '<td class="a" aria-label="&quot;" data-x="1.5" hidden></td>'
    )


def test_backticks_in_prose_make_code() -> None:
    assert prose("use `<b>` here") == "use <code>&lt;b&gt;</code> here"
    assert prose("a lone ` stays") == "a lone ` stays"
