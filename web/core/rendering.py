"""Turns a typed page into HTML; the only code that knows whether a browser or htmx asks."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, flash, g, get_flashed_messages, make_response, redirect, request, session, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from jinja2_fragments.flask import render_block
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm.foundation.texts import _, ngettext
from bpm.identity import may
from web.core.request_context import actor
from web.core.targets import is_safe
from web.ui import navigation
from web.ui.case_words import case_state, case_tone, happened, step_kind
from web.ui.formats import (
    ago,
    department,
    duration,
    in_bytes,
    instant,
    minute,
    now,
    number,
    percent,
    said,
    spoken,
    words,
)

MOST_MESSAGES = 5
"""What waits to be told to a person at most."""
MOST_FRAMES = 2_000
"""Parts of the frame of a page that are kept drawn: ten for each kind of people; an installation has a handful."""

Page = Any
"""A frozen dataclass, one class per template; the template sees it as `page`."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """One link of a filter or a row of tabs."""

    label: str
    url: str
    active: bool
    count: int | None = None


def set_up(app: Flask) -> None:
    """Templates live in web/ui/templates and beside the code of their slice."""
    root = app.root_path
    app.jinja_loader = ChoiceLoader([FileSystemLoader(f"{root}/ui/templates"), FileSystemLoader(root)])
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # put there by the extension
    env.globals["_"] = env.globals["gettext"] = told
    env.trim_blocks = env.lstrip_blocks = True
    app.extensions.update(addresses={}, frames={})
    env.globals.update(
        rail=rail, tail=tail, here=here, url_for=_url_for, address=address, now=now, has_endpoint=has_endpoint
    )
    env.filters.update(
        ago=ago,
        instant=instant,
        minute=minute,
        spoken=spoken,
        duration=duration,
        number=number,
        percent=percent,
        words=words,
        department=department,
        said=said,
        case_state=case_state,
        case_tone=case_tone,
        step_kind=step_kind,
        happened=happened,
        bytes=in_bytes,
    )


def told(text: str, /, **values: Any) -> Markup:
    """A text of ours in a page, its values escaped; Jinja's own way to it is several times as long."""
    said_so = Markup(_(text))  # noqa: S704 (our own words)
    return said_so % values if values or "%" in said_so else said_so


def load_macros(app: Flask) -> None:
    """Give every template and block the macros of _ui.html as `ui`, without an import."""
    with app.app_context():
        app.jinja_env.globals["ui"] = app.jinja_env.get_template("_ui.html").module


def render(template: str, page: Page) -> str:
    """The whole page, or for htmx only the block that its target is named after, with new messages beside it."""
    block = _wanted_block(template)
    if block is None:
        from flask import render_template

        return render_template(template, page=page)
    html = render_block(template, block, page=page)
    if not get_flashed_messages():
        return html  # a page that refreshes itself must not wipe away what was just said
    return html + render_block("_shell.html", "messages", page=page, out_of_band=True)


def render_part(template: str, block: str, page: Page) -> Markup:
    """One named block of a template as HTML, for use inside another slice's page."""
    return Markup(render_block(template, block, page=page))  # noqa: S704 (our own escaped template output)


def _wanted_block(template: str) -> str | None:
    if not is_htmx() or "HX-Boosted" in request.headers or "HX-History-Restore-Request" in request.headers:
        return None
    name = request.headers.get("HX-Target", "").replace("-", "_")
    return name if name in current_app.jinja_env.get_template(template).blocks else None


def is_htmx() -> bool:
    """Whether htmx asks; views never need to know."""
    return request.headers.get("HX-Request") == "true"


def say(text: str, *, undo: str = "") -> None:
    """Tell the person what was done, on the next page they see; `undo` is a URL to post to."""
    flash({"text": text, "undo": undo})  # type: ignore[arg-type]  # the stubs want a text, any value that is JSON is kept
    # A program that never reads a page would otherwise carry ever more of them in its cookie.
    session["_flashes"] = session["_flashes"][-MOST_MESSAGES:]


def go(endpoint: str, **values: Any) -> Response:
    """Answer a form that was taken: look at that page now."""
    return redirect(url_for(endpoint, **values), 303)


def go_back(endpoint: str, **values: Any) -> Response:
    """Answer a form that was taken: back to the page named by its field `next`, else to `endpoint`."""
    target = request.form.get("next", "")
    return redirect(target if is_safe(target) else url_for(endpoint, **values), 303)


def download(content: bytes, file_name: str, *, mimetype: str = "application/octet-stream") -> Response:
    """`content` byte for byte; a browser saves it and never runs it."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = disposition(file_name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def disposition(file_name: str, *, inline: bool = False) -> str:
    """RFC 6266: saved or shown under the name in UTF-8 (RFC 8187), and before it what older programs read."""
    way = "inline" if inline else "attachment"
    if re.fullmatch(r"[\w.+-]+", file_name, re.ASCII):
        return f"{way}; filename={file_name}"
    plain = "".join(each if " " <= each <= "~" and each not in '"\\/%' else "_" for each in file_name)
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"


def here(**changes: Any) -> str:
    """The address of this page with some of its query changed; None takes a part away. Paging starts anew."""
    path, query = _here()
    merged = {key: value for key, value in {**query, **changes}.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(merged, doseq=True)}" if merged else path


def _here() -> tuple[str, Mapping[str, Any]]:
    """Path and query of this page, read once: a page of filters asks a dozen times."""
    if "here" not in g:
        query = {
            key: values if len(values) > 1 else values[0]
            for key, values in request.args.lists()
            if key != "after" and values
        }
        g.here = _url_for(request.endpoint or "home.home", **(request.view_args or {})), query
    found: tuple[str, Mapping[str, Any]] = g.here
    return found


def address(endpoint: str) -> str:
    """`url_for` of a page without parameters, worked out once: each page leads to a dozen of them."""
    known: dict[tuple[str, str], str] = current_app.extensions["addresses"]
    place = (request.script_root, endpoint)
    if place not in known:
        known[place] = url_for(endpoint)
    return known[place]


def _url_for(endpoint: str, **values: Any) -> str:
    """`url_for` of templates: a page leads to a dozen others that have no parameters."""
    return url_for(endpoint, **values) if values else address(endpoint)


def has_endpoint(name: str) -> bool:
    """Whether another slice offers that page."""
    return name in current_app.view_functions


def rail() -> Markup:
    """The rooms that the person may enter, in order, for the left rail."""
    room = navigation.room_of(request.path)
    return _once("_rail.html", "" if room is None else room.endpoint, lambda: _rooms(room))


def _rooms(here: navigation.Room | None) -> list[dict[str, Any]]:
    person = actor()
    return [
        {"label": room.label, "icon": room.icon, "url": address(room.endpoint), "here": room is here}
        for room in navigation.ENTRIES
        if room.endpoint in current_app.view_functions and may(person, room.permission)
    ]


def tail() -> Markup:
    """The end of every page: its keys, and the palette with a link for every page that the person may open."""
    return _once("_tail.html", "", _pages)


def _pages() -> Markup:
    """The rooms, then every other page without a thing of its own."""
    person = actor()
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(address(each.endpoint), each.label)
        for each in (*navigation.ENTRIES, *navigation.MORE)
        if each.endpoint in current_app.view_functions and may(person, each.permission)
    )


def _once(template: str, place: str, read: Callable[[], Any]) -> Markup:
    """The template over `given`, what `read` gives; drawn once for all who may the same, at one place of the site.

    A hundred links stand on every page. What is drawn depends on nothing else: neither on the page nor on the person.
    """
    person = actor()
    known: dict[tuple[object, ...], Markup] = current_app.extensions["frames"]
    who = (template, place, request.script_root, person.is_person, person.roles, person.permissions)
    if who not in known:
        if len(known) >= MOST_FRAMES:
            known.clear()
        known[who] = Markup(current_app.jinja_env.get_template(template).render(given=read()))  # noqa: S704
    return known[who]
