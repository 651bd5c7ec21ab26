"""Fetches who mentions, answers or quotes the account, and what is said with words, a page of one of them at a time.

Both lists come with the newest first. Pages are asked for until one reaches what was seen before, by the instant at
which the network first saw it; what is known already is not taken twice. Source: lexicons
app.bsky.notification.listNotifications and app.bsky.feed.searchPosts.
"""

from collections.abc import Mapping
from typing import Any

from bpm.feedback.connectors.answers import check_answer, field_of, small_json
from bpm.feedback.connectors.bluesky.sending import WAY_OUT
from bpm.feedback.connectors.bluesky.session import KEPT, Session
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import Ability, Asked, Fetched, Kind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _

PAGE = 100
MOST_WORDS = 20
MOST_PAGES = 20
"""Pages of one stream in one round: 2,000 posts."""
FIRST_PAGES = 2
"""At the very first round, which would go back for years."""

_NOTIFICATIONS, _SEARCH = "app.bsky.notification.listNotifications", "app.bsky.feed.searchPosts"
_REASONS = ("mention", "reply", "quote")


def _fetch(connection: Connection) -> Fetched:
    streams, cursor = _streams(connection.settings), connection.cursor
    turn = int(cursor.get("turn", 0))
    turn = turn if turn < len(streams) else 0
    name, newest = streams[turn], dict(cursor.get("newest", {}))
    seen, page = str(newest.get(name, "")), str(cursor.get("page", ""))
    session = Session(connection)
    answer = check_answer(_ask(session, name, page=page, seen=seen), now=connection.now)
    posts, behind_it = _listed(small_json(answer))
    instants = [at for each in posts if (at := field_of(each, "indexedAt"))]
    top, pages = max([str(cursor.get("top", "")), *instants]), int(cursor.get("pages", 0)) + 1
    reached = bool(seen) and bool(instants) and min(instants) <= seen
    goes_on = bool(behind_it and posts) and not reached and pages < (MOST_PAGES if seen else FIRST_PAGES)
    if goes_on:
        behind: dict[str, Any] = {"newest": newest, "turn": turn, "page": behind_it, "pages": pages, "top": top}
    else:
        behind = {"newest": {**newest, name: top or seen}, "turn": turn + 1}
    more = goes_on or turn + 1 < len(streams)
    content = answer.body if posts else b""
    return Fetched(behind if more else {**behind, "turn": 0}, content, "json", more, session.names, session.kept)


def _ask(session: Session, name: str, *, page: str, seen: str) -> Any:
    query = [("limit", str(PAGE)), *([("cursor", page)] if page else [])]
    if name:
        since = [("since", seen)] if seen else []
        return session.get(_SEARCH, [("q", name), ("sort", "latest"), *since, *query])
    return session.get(_NOTIFICATIONS, [*(("reasons", each) for each in _REASONS), *query])


def _listed(told: Any) -> tuple[list[Any], str]:
    """(the posts of a page, where the next one begins)"""
    for name in ("notifications", "posts"):
        if isinstance(told, dict) and isinstance(told.get(name), list):
            return told[name], field_of(told, "cursor")
    return [], ""


def _streams(settings: Mapping[str, str]) -> list[str]:
    """What is searched for; the empty text stands for the notifications."""
    return [*([] if settings.get("mentions") == "no" else [""]), *_words(settings)]


def _words(settings: Mapping[str, str]) -> list[str]:
    return [word for line in settings.get("words", "").splitlines() if (word := " ".join(line.split()))]


def _check(settings: Mapping[str, str]) -> None:
    problems = {}
    try:
        parse_destination(settings["server"])
    except InvalidInputError as error:
        problems["server"] = error.message
    if settings["handle"].startswith("@"):
        problems["handle"] = _("Write it without the @.")
    if not _streams(settings):
        problems["words"] = _("Ask for mentions, or name words or hashtags.")
    if len(_words(settings)) > MOST_WORDS:
        problems["words"] = _("At most %(number)s lines.") % {"number": MOST_WORDS}
    if problems:
        raise InvalidInputError(_("The account cannot be kept like this."), fields=problems)


KIND = Kind(
    "bluesky",
    _("Bluesky"),
    _("Who mentions, answers or quotes your account, and what is said with words."),
    "social",
    frozenset({Ability.INGEST, Ability.THREAD, Ability.IDENTITY, Ability.REPLY}),
    (
        Asked(
            "server", _("Server"), "url", _("Where the account lives."), required=True, default="https://bsky.social"
        ),
        Asked("handle", _("Account"), help=_("As yourshop.bsky.social"), required=True),
        Asked(
            "password",
            _("App password"),
            "password",
            _("There: Settings, Privacy and security, App passwords. Never the account's own."),
            required=True,
        ),
        Asked(
            "mentions",
            _("Mentions and answers"),
            "select",
            required=True,
            options=(("yes", _("take them in")), ("no", _("leave them"))),
            default="yes",
        ),
        Asked("words", _("Words and hashtags"), "area", _("One a line, as #yourshop or a name.")),
    ),
    _fetch,
    _check,
    WAY_OUT,
    renewed=(KEPT,),
)
