"""Markup: nothing gets in unescaped, in an element or in an attribute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mnistspec.markup import Markup, escaped, prose, tag, visible

from .pages import Page


@given(st.text(), st.text())
def test_text_and_attributes_come_back_as_they_went_in(text: str, attribute: str) -> None:
    page = Page(tag("p", text, title=attribute))
    assert page.text == visible(text).replace("\r\n", "\n").replace("\r", "\n") or page.text == visible(text)
    assert page.elements == [("p", {"title": visible(attribute)})]


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
