"""Fetches mentions, hashtags and words from a Mastodon server, a page of one of them at a time.

Where the server pages by links, the newest status seen is taken from the link `prev` (`min_id`), and pages behind it
are asked for until one is empty; a search knows no such links, so its newest page is looked at each time, and what is
known is not taken twice. Answers are not read here: the bounded child does that. Source: docs.joinmastodon.org,
methods notifications, timelines and search; "Rate limits"; "Pagination through HTTP Link headers".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from bpm.feedback.connectors.answers import check_answer, field_of, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import Ability, Asked, Fetched, Kind
from bpm.feedback.connectors.mastodon.sending import WAY_OUT
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _

PAGE = 40
MOST_WORDS = 20
MOST_PAGES = 50
"""Pages of one stream in one round; the rest comes with the next one."""

_PREVIOUS = re.compile(r"<[^<>]{1,2000}[?&]min_id=(\w{1,40})[^<>]{0,2000}>;\s{0,5}rel=\"prev\"")


@dataclass(frozen=True)
class _Stream:
    """One thing that is asked for."""

    name: str
    path: str
    query: Mapping[str, str]
    has_links: bool = True


def _streams(settings: Mapping[str, str]) -> list[_Stream]:
    found = [] if settings.get("mentions") == "no" else [_MENTIONS]
    for word in _words(settings):
        if word.startswith("#"):
            found.append(_Stream(word, f"/api/v1/timelines/tag/{quote(word[1:], safe='')}", {}))
        else:
            found.append(_Stream(word, "/api/v2/search", {"q": word, "type": "statuses"}, has_links=False))
    return found


_MENTIONS = _Stream("mentions", "/api/v1/notifications", {"types[]": "mention"})


def _words(settings: Mapping[str, str]) -> list[str]:
    return [word for line in settings.get("words", "").splitlines() if (word := " ".join(line.split()))]


def _fetch(connection: Connection) -> Fetched:
    streams, cursor = _streams(connection.settings), connection.cursor
    turn = int(cursor.get("turn", 0))
    turn = turn if turn < len(streams) else 0
    stream, seen = streams[turn], dict(cursor.get("seen", {}))
    last, pages = str(seen.get(stream.name, "")), int(cursor.get("pages", 0))
    query = {**stream.query, "limit": str(PAGE), **({"min_id": last} if last and stream.has_links else {})}
    headers = {"accept": "application/json"}
    if token := connection.secrets.get("token"):
        headers["authorization"] = f"Bearer {token}"
    address = f"{connection.settings['server'].rstrip('/')}{stream.path}?{urlencode(query)}"
    answer = check_answer(connection.door.request("GET", address, headers=headers), now=connection.now)
    newest = _PREVIOUS.search(answer.headers.get("link", "")) if stream.has_links else None
    if newest:
        seen[stream.name] = newest[1]
    goes_on = bool(last and newest and newest[1] != last) and pages + 1 < MOST_PAGES
    own = _own(connection)
    behind = {"own": own, "seen": seen, "turn": turn if goes_on else turn + 1, "pages": pages + 1 if goes_on else 0}
    more = goes_on or turn + 1 < len(streams)
    content = b"" if answer.body.strip() == b"[]" else answer.body
    mine = (f"@{own}", own) if own else ()
    return Fetched(behind if more else {**behind, "turn": 0}, content, "json", more, mine)


def _own(connection: Connection) -> str:
    """The account itself as `name@server`, asked for once: what it answers under a hashtag is nobody's voice."""
    if "own" in connection.cursor:
        return str(connection.cursor["own"])
    server = connection.settings["server"].rstrip("/")
    headers = {"accept": "application/json", "authorization": f"Bearer {connection.secrets.get('token', '')}"}
    try:
        answer = connection.door.request("GET", f"{server}/api/v1/accounts/verify_credentials", headers=headers)
        name = field_of(small_json(check_answer(answer, now=connection.now)), "acct")
    except EarshotError:
        return ""
    return f"{name}@{urlsplit(server).hostname}" if name else ""


def _check(settings: Mapping[str, str]) -> None:
    problems = {}
    try:
        parse_destination(settings["server"])
    except InvalidInputError as error:
        problems["server"] = error.message
    if not _streams(settings):
        problems["words"] = _("Ask for mentions, or name words or hashtags.")
    if len(_words(settings)) > MOST_WORDS:
        problems["words"] = _("At most %(number)s lines.") % {"number": MOST_WORDS}
    if problems:
        raise InvalidInputError(_("The account cannot be kept like this."), fields=problems)


KIND = Kind(
    "mastodon",
    _("Mastodon"),
    _("Who mentions your account, and what is said under hashtags and with words."),
    "social",
    frozenset({Ability.INGEST, Ability.THREAD, Ability.IDENTITY, Ability.REPLY}),
    (
        Asked("server", _("Server"), "url", _("As https://mastodon.example"), required=True),
        Asked(
            "token",
            _("Access token"),
            "password",
            _("There: Preferences, Development, New application, with read rights, and write:statuses to answer."),
            required=True,
        ),
        Asked(
            "mentions",
            _("Mentions of the account"),
            "select",
            required=True,
            options=(("yes", _("take them in")), ("no", _("leave them"))),
            default="yes",
        ),
        Asked(
            "words",
            _("Words and hashtags"),
            "area",
            _("One a line, as #yourshop or a name; of words the newest 40 are looked at each time."),
        ),
    ),
    _fetch,
    _check,
    WAY_OUT,
)
