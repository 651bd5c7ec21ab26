"""The smallest pieces of HTML, as plain functions: a macro called fifty times was most of what a list cost.

Templates reach them as `ui.name(...)`, beside the macros of _ui.html.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from web.ui.formats import ago, instant, now, reader_zone

ICONS = {
    "ear": "M6 8a4 4 0 1 1 8 0c0 3-3 3.5-3 6a2.5 2.5 0 0 1-4.8 1M8.5 8.5a1.6 1.6 0 1 1 3 .5l-1 1.5",
    "inbox": "M3 11l2-7h10l2 7v5H3zM3 11h4l1 2h4l1-2h4",
    "tasks": "M3 5l1.5 1.5L7 4M3 10.500l1.5 1.5L7 9.500M3 16l1.500 1.500L7 15M10 5.500h7M10 11h7M10 16.500h7",
    "processes": "M2 7h5v5H2zM13 3h5v5h-5zM13 12h5v5h-5zM7 9.500h3M10 5.500h3M10 14.500h3M10 5.500v9",
    "cases": "M2 6h5l2 2h9v9H2zM2 6V4h5l2 2",
    "insights": "M3 17V9M8 17V4M13 17v-6M18 17V7",
    "idea": "M7.500 14a5 5 0 1 1 5 0v1.500h-5zM8 18h4",
    "operations": "M2 10h4l2-6 4 12 2-6h4",
    "admin": "M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.5-3.500 3-5 6-5s5.500 1.500 6 5",
    "search": "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500L18 18",
    "upload": "M10 14V3M6 7l4-4 4 4M3 14v3h14v-3",
    "bell": "M4 14h12c-1.500-1.500-2-3-2-6a4 4 0 0 0-8 0c0 3-.5 4.500-2 6zM8.500 16.500a1.600 1.600 0 0 0 3 0",
    "check": "M4 10l4 4 8-9",
    "warn": "M10 3l8 14H2zM10 8v4M10 14.500v.5",
}
"""Name -> path on a canvas of 20 by 20."""


def set_up(app: Flask) -> None:
    """Hand the pieces to _ui.html, which gives them to every template."""
    app.jinja_env.globals["tags"] = {"icon": icon, "badge": badge, "when": when, "csrf": csrf, "post": post, "bar": bar}


def icon(name: str) -> Markup:
    """One of `ICONS`; it is never read aloud, so the word stands beside it."""
    drawn = f'<path d="{ICONS[name]}"/>'
    return _safe(f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{drawn}</svg>')


def badge(text: object, tone: str = "plain") -> Markup:
    """`tone`: plain | good | warn | bad | info; the text itself always says the state."""
    return _safe(f'<span class="badge {escape(tone)}">{escape(text)}</span>')


def when(moment: datetime | None, missing: str = "–") -> Markup:
    """How long ago, with the exact instant in its title."""
    if moment is None:
        return escape(missing)
    if "when" not in g:
        g.when = whens()
    told: Markup = g.when(moment)
    return told


def whens() -> Callable[[datetime], Markup]:
    """`when` for the instants of a page: its own moment and the reader's zone are looked up once."""
    at, zone = now(), reader_zone()

    def told(moment: datetime) -> Markup:
        return _safe(f"{_time_tag(moment, zone)}{ago(moment, at)}</time>")

    return told


# The same instants stand on the page's next look, and a list tells fifty at once.
@lru_cache(maxsize=4_000)
def _time_tag(moment: datetime, zone: tzinfo) -> str:
    machine = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f'<time datetime="{machine}" title="{instant(moment, zone)}">'


def bar(share: float, label: str, tone: str = "plain") -> Markup:
    """Part of a whole between 0 and 1, as a thin bar; `tone` as for badges; `label` is read aloud."""
    drawn = f'<rect class="track" width="100" height="4"/><rect class="part" width="{_percent(share)}" height="4"/>'
    box = f'class="bar {escape(tone)}" viewBox="0 0 100 4" preserveAspectRatio="none" role="img"'
    return _safe(f'<svg {box} aria-label="{escape(label)}">{drawn}</svg>')


def _percent(share: float) -> float:
    return round(min(max(share, 0.0), 1.0) * 100, 1)


def shorten(text: str, length: int) -> str:
    """At most about `length` characters, cut between words, with dots where something was left out."""
    if len(text) <= length + 5:
        return text
    return text[: length - 3].rsplit(" ", 1)[0] + "..."


def csrf() -> Markup:
    """The hidden field by which a form proves that it is ours; made once for a page, however many forms it has."""
    if "csrf_field" not in g:
        g.csrf_field = _safe(f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">')
    field: Markup = g.csrf_field
    return field


def post(
    url: str,
    label: str,
    class_: str = "",
    hidden: Mapping[str, object] | None = None,
    target: str = "",
    key: str = "",
) -> Markup:
    """One button that posts; `target`: id of what htmx swaps, `key`: the key on the keyboard that presses it."""
    return posts(label, class_=class_, hidden=hidden, target=target, key=key)(url)


def posts(
    label: str, *, class_: str = "", hidden: Mapping[str, object] | None = None, target: str = "", key: str = ""
) -> Callable[[str], Markup]:
    """Buttons that post alike, each to the address it is given: made once for a list."""
    look = f' class="{escape(class_)}"' if class_ else ""
    keyed = f' data-key="{escape(key)}" title="Key {escape(key)}"' if key else ""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in (hidden or {}).items()
    )
    swap = f' hx-target="#{escape(target)}" hx-swap="outerHTML"' if target else ""
    rest = f"{swap}>{csrf()}{fields}<button{look}{keyed}>{escape(label)}</button></form>"

    def to(url: str) -> Markup:
        address = escape(url)
        swapping = f' hx-post="{address}"' if target else ""
        return _safe(f'<form class="inline" method="post" action="{address}"{swapping}{rest}')

    return to


def _safe(html: str) -> Markup:
    """Text in which every value has gone through `escape`."""
    return Markup(html)  # noqa: S704
