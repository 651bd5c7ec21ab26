"""What the inbox lists: the views and filters of its address, and links that keep them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import g, request

from bpm.feedback import CHANNELS, queries
from bpm.feedback.queries import ItemFilter, ItemRow, Page
from bpm.feedback.status import Voice
from bpm.foundation.texts import _
from bpm.processes import routing
from bpm.processes.queries import list_black_holes
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice
from web.core.request_context import work
from web.inbox.blueprint import blueprint
from web.ui.formats import now

VIEWS = (
    ("open", "To do"),
    ("urgent", "Urgent"),
    ("late", _("Late")),
    ("unsure", "Unsure"),
    ("holes", _("Unanswered for 2+ days")),
    ("back", "Came back"),
    ("handed", "Handed over"),
    ("answered", "Answered"),
    ("snoozed", _("Snoozed")),
    ("all", "Everything"),
)
TO_DO = ("open", "urgent", "late", "unsure")
"""Views of what is to be done now, in the order of what to do next."""
NARROWING = (
    "view",
    "inbox",
    "channel",
    "kind",
    "sentiment",
    "topic",
    "group",
    "text",
    "customer",
    "run",
    "voice",
    "tag",
)
"""Parts of the address that say which items are listed."""


def view_of(args: Mapping[str, str] | None = None) -> str:
    """Which view the address asks for; an unknown one is what is to be done."""
    asked = (request.args if args is None else args).get("view", "open")
    return asked if asked in dict(VIEWS) else "open"


@dataclass(frozen=True)
class _Address:
    """The address of the list that is asked for, read once: every link of the page carries it on."""

    root: str
    args: dict[str, Any]
    """Its filters."""
    tail: str
    """The same as a query, with its question mark."""


def _address() -> _Address:
    kept = g.get("inbox_address")
    if kept is None:
        asked = request.args
        args = {key: asked[key] for key in NARROWING if asked.get(key)}
        root, tail = f"{request.script_root}{blueprint.url_prefix}", f"?{urlencode(args)}" if args else ""
        kept = g.inbox_address = _Address(root, args, tail)
    found: _Address = kept
    return found


def args_of() -> dict[str, Any]:
    """The filters of the address."""
    return _address().args


def list_url(**changes: str | None) -> str:
    """The address of the list with some filters changed."""
    kept = _address()
    merged = {key: value for key, value in {**kept.args, **changes}.items() if value}
    return f"{kept.root}?{urlencode(merged)}" if merged else kept.root


def item_url(item_id: int) -> str:
    """The address of an item; it keeps the filters. Made by hand, because a page has a hundred of them."""
    kept = _address()
    return f"{kept.root}/{item_id}{kept.tail}"


def choices_of(name: str, values: Any) -> tuple[Choice, ...]:
    """The links of one filter, each (value, count), with "any" before them."""
    chosen = request.args.get(name)
    found = [Choice("any", list_url(**{name: None}), not chosen)]
    found += [
        Choice(value.replace("_", " "), list_url(**{name: value}), chosen == value, count) for value, count in values
    ]
    return tuple(found)


def asked() -> tuple[str, ItemFilter, dict[str, Any]]:
    """(view, filter, what the address says) of the list, for who hands it out."""
    return view_of(), replace(filter_of(), after=None), dict(args_of())


def found_now() -> Page[ItemRow]:
    """The page of the list that the address asks for."""
    if view_of() == "holes":
        return list_black_holes(work(), limit=SIZE, after=after(), wanted=filter_of())
    return queries.list_items(work(), filter_of(), SIZE)


def filter_of(given: Mapping[str, str] | None = None) -> ItemFilter:
    """What the address, or a kept one, says of the items that are listed."""
    view, args = view_of(given), request.args if given is None else given
    channel = args.get("channel")
    landing, hard = routing.places_of(routing.get_table(work()), args["inbox"]) if args.get("inbox") else (None, ())
    return ItemFilter(
        kind=args.get("kind") or None,
        topic=args.get("topic") or None,
        channel=channel if channel in CHANNELS else None,
        sentiment=args.get("sentiment"),
        text=args.get("text"),
        customer=key_of(args.get("customer", "")),
        voice=args.get("voice") if args.get("voice") in set(Voice) else None,
        run=key_of(args.get("run", "")),
        tag=key_of(args.get("tag", "")),
        min_urgency=2 if view == "urgent" else None,
        unsure=view == "unsure",
        to_do=view in TO_DO,
        next_first=view in TO_DO,
        snoozed=view == "snoozed",
        late_at=now() if view == "late" else None,
        answered=True if view == "answered" else None,
        distributed=True if view == "handed" else None,
        came_back=view == "back",
        landing=landing,
        hard=hard,
        distributed_to=args.get("group") or None,
        after=after() if given is None else None,
    )
