"""The HTML report: one page that holds everything it shows, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mnistspec.markup import Markup, joined, prose, tag
from mnistspec.reports import quantities, sections
from mnistspec.reports.contents import Contents
from mnistspec.reports.record import RunRecord
from mnistspec.reports.verdict import Tile, notices, tiles, title, tone, verdict

STYLE = Path(__file__).with_name("report.css")
# Whatever a name or a spec may hold: no script runs and nothing is fetched.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

# What the page shows, in its order. A section that has nothing to show is left out, with its place in the contents.
SECTIONS: tuple[tuple[str, str, Callable[[Contents], Markup | None]], ...] = (
    ("results", "Results", sections.results),
    ("learning", "Learning", sections.learning),
    ("predictions", "Predictions", sections.outcomes),
    ("warnings", "Warnings", sections.warnings),
    ("model", "Model", sections.model),
    ("data", "Data", sections.data),
    ("time", "Time", sections.time),
    ("environment", "Environment", sections.environment),
    ("files", "Files and use", sections.files),
    ("spec", "Spec", sections.spec),
)


def html_report(contents: Contents) -> str:
    """The whole page as text."""
    shown = [(anchor, name, body) for anchor, name, show in SECTIONS if (body := show(contents))]
    links = (tag("a", name, href=f"#{anchor}") for anchor, name, _ in shown)
    page = (
        _header(contents.run),
        _tiles(tiles(contents)),
        tag("nav", *links, aria_label="Contents"),
        tag("main", *(_section(*each) for each in shown)),
        tag(
            "footer",
            f"Made by mnistspec {contents.run.versions.get('mnistspec', '')}".strip() + " from the run's folder.",
        ),
    )
    return f"<!doctype html>\n{tag('html', _head(contents.run), tag('body', *page), lang='en')}\n"


def _head(run: RunRecord) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title(run)} · mnistspec"),
        tag("style", Markup(STYLE.read_text(encoding="utf-8"))),
    )


def _header(run: RunRecord) -> Markup:
    status = tag("span", run.status, class_=f"status {tone(run)}")
    name = tag("h1", title(run), " ", status)
    when = f"{quantities.moment(run.started)}" if run.started else ""
    description = tag("p", run.description, class_="description") if run.description else None
    said = tag("p", verdict(run), class_="verdict")
    alerts = (
        tag("p", tag("strong", lead), " ", prose(rest), class_="notice", role="note") for lead, rest in notices(run)
    )
    return tag(
        "header", tag("p", joined(("mnistspec run", when), " · "), class_="overline"), name, description, said, *alerts
    )


def _tiles(shown: tuple[Tile, ...]) -> Markup:
    return tag("dl", *map(_tile, shown), class_="tiles") if shown else Markup("")


def _tile(tile: Tile) -> Markup:
    notes = (tag("dd", note, class_="note") for note in tile.notes)
    return tag("div", tag("dt", tile.label), tag("dd", tile.value, class_=f"figure {tile.tone or ''}".strip()), *notes)


def _section(anchor: str, name: str, body: Markup) -> Markup:
    return joined(("\n", tag("section", tag("h2", name), body, id=anchor)))
