"""The HTML report: self-contained, safe whatever the names are, complete, and readable by everyone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mnistspec.reports.contents import read_folder
from mnistspec.reports.html import html_report

from . import folders
from .pages import Page


def page(folder: Path) -> Page:
    return Page(html_report(read_folder(folder)))


def test_every_element_is_closed_and_nothing_comes_from_elsewhere(any_folder: Path) -> None:
    read = page(any_folder)
    sources = [attributes["src"] for attributes in read.named("img")]
    links = [attributes["href"] for attributes in read.named("a")]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert all(link.startswith("#") for link in links)
    assert not {"script", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in read.elements}
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert "url(" not in html_report(read_folder(any_folder))


def test_the_policy_forbids_scripts_and_fetching(any_folder: Path) -> None:
    policies = [a["content"] for a in page(any_folder).named("meta") if a.get("http-equiv")]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_what_a_file_says_is_shown_as_text(tmp_path: Path) -> None:
    read = page(folders.hostile(tmp_path))
    assert '<script>alert("x")</script>' in read.text
    assert "</code></pre><script>" in read.text
    assert "\u202e" not in read.text and "\x07" not in read.text


def test_links_lead_to_sections_and_ids_are_unique(any_folder: Path) -> None:
    read = page(any_folder)
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert [attributes["href"].removeprefix("#") for attributes in read.named("a")] == ids
    assert len(set(ids)) == len(ids)


def test_all_that_is_drawn_is_described(any_folder: Path) -> None:
    read = page(any_folder)
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in read.named("svg"))
    assert all(attributes["alt"] for attributes in read.named("img"))
    assert len(read.named("caption")) == len(read.named("table"))
    assert all(attributes.get("scope") in {"row", "col"} for attributes in read.named("th"))


def test_a_finished_run_shows_all_its_sections(tmp_path: Path) -> None:
    read = page(folders.classification(tmp_path))
    wanted = ["Results", "Learning", "Predictions", "Model", "Data", "Time", "Environment", "Spec"]
    assert [heading for heading in wanted if heading not in read.text] == []
    assert "On 10,000 examples of the test set: accuracy 98.12%, loss 0.06450." in read.text
    assert "loaded again, predicts the same, bit for bit" in read.text
    assert 'keras.saving.load_model("model.keras")' in read.text
    assert "mnistspec predict . picture.png" in read.text


def test_the_matrix_has_a_cell_for_each_pair_of_classes(tmp_path: Path) -> None:
    html = html_report(read_folder(folders.classification(tmp_path)))
    matrix = re.search(r'<table class="matrix">.*?</table>', html, re.DOTALL)
    assert matrix is not None
    cells = [attributes for tag, attributes in Page(matrix[0]).elements if tag == "td"]
    assert len(cells) == 1 + 10 * 10
    assert sum(attributes.get("class") == "right" for attributes in cells) == 10
    shades = [float(a["style"].removeprefix("--shade:")) for a in cells if "style" in a]
    assert min(shades) > 0 and max(shades) <= 0.6


def test_a_hundred_classes_are_told_by_their_mistakes(tmp_path: Path) -> None:
    read = page(folders.many_classes(tmp_path))
    assert not read.of_class("matrix")
    assert "The most frequent mistakes" in read.text and "The 40 classes with the lowest F1" in read.text


def test_mistakes_are_shown_as_pictures_with_what_was_taken_for_what(tmp_path: Path) -> None:
    read = page(folders.classification(tmp_path))
    assert len(read.of_class("taken")) == len(read.named("img")) > 10
    assert re.search(r"\d taken for \d", read.text) and "runner-up" in read.text


def test_an_autoencoder_shows_what_it_was_to_give_beside_what_it_gave(tmp_path: Path) -> None:
    alts = [attributes["alt"] for attributes in page(folders.autoencoder(tmp_path)).named("img")]
    assert alts[:2] == ["row 0, wanted", "row 0, given"] and len(alts) == 12


def test_each_output_has_its_part(tmp_path: Path) -> None:
    read = page(folders.several_outputs(tmp_path))
    assert read.text.index("Output digit") < read.text.index("Output odd")
    assert "even" in read.text


def test_an_interrupted_run_says_so_and_shows_what_there_is(tmp_path: Path) -> None:
    read = page(folders.interrupted(tmp_path))
    assert "Interrupted after 3 of 10 epochs." in read.text
    assert "There are no predictions: the run is interrupted" in read.text
    assert len(read.of_class("curve")) == 4


@pytest.mark.parametrize(("origin", "shown"), [("mnist", False), ("mnist_sample", True)])
def test_other_data_than_asked_for_are_said_loudly(tmp_path: Path, origin: str, shown: bool) -> None:
    data = folders.data({}, origin=origin, notes=["The download of `mnist` failed."])
    read = page(folders.write(tmp_path, folders.record(data=data)))
    assert ("Not the data the spec asks for: mnist_sample in place of mnist." in read.text) is shown
    assert bool(read.of_class("notice")) is shown


def test_numbers_are_no_pictures_to_predict(tmp_path: Path) -> None:
    read = page(folders.regression(tmp_path))
    assert "picture.png" not in read.text and "load_model" in read.text
