"""Answers a post, once, whatever the network does.

The record's key is made from the key of the `Outgoing`, so that a second try names the same record and is refused over
there; then, and after a broken connection, it is looked at whether the record stands. Source: lexicons
com.atproto.repo.createRecord and getRecord, app.bsky.feed.post, app.bsky.richtext.facet; atproto.com, specs/tid.
"""

import hashlib
from typing import Any

from bpm.feedback.connectors.answers import before_sending, check_answer, check_sent, field_of, sending, small_json
from bpm.feedback.connectors.bluesky.facets import facets_of
from bpm.feedback.connectors.bluesky.graphemes import count_graphemes
from bpm.feedback.connectors.bluesky.session import Session
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import Accepted, Answers, Outgoing, RefusedError, Said, Target, WayOut, with_name
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _

LONGEST, MOST_BYTES, ADDED = 300, 3000, 35
"""Graphemes and bytes of a post (app.bsky.feed.post); as many graphemes are left for the author's name."""
POST = "app.bsky.feed.post"
_EARLIEST, _SPAN = 1_672_531_200_000_000, 94_608_000_000_000
"""Microseconds: since 1970, and three years."""
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def answered(said: Said) -> Target:
    """The post by its address; what it belongs to is asked for when it is answered."""
    author = field_of(said.record, "author", "did") or said.author_handle
    answers = Answers(said.natural_key, said.thread_key, author=author)
    return Target(said.author_handle or author, answers, public=True)


def record_key(key: str) -> str:
    """A TID for that key: microseconds of 53 bits and a clock's id of 10, both drawn from the key.

    Its instant lies in the years 2023 to 2025 and says nothing: readers go by createdAt.
    """
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    number = (_EARLIEST + (drawn >> 10) % _SPAN) << 10 | drawn & 1023
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -5, -5))


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    text = with_name(outgoing)
    _demand_short(text)
    if not outgoing.public:
        raise RefusedError(
            _("Everybody can read what is posted there."), remedy=_("Answer in public, or on another channel.")
        )
    session = Session(connection)
    with before_sending():
        refused = session.sign_in()
        if refused is not None:
            check_answer(refused, now=connection.now)
        record = _record(session, connection, outgoing, text)
    key = record_key(outgoing.key)
    given = {"repo": session.did, "collection": POST, "rkey": key, "record": record}
    with sending():
        answer = session.post("com.atproto.repo.createRecord", given)
    if 400 <= answer.status < 500 and answer.status not in {401, 403, 429}:
        there = _standing(session, connection, key)
        if there is not None:
            return there
    return _accepted(small_json(check_sent(answer, now=connection.now)), session)


def _find(connection: Connection, outgoing: Outgoing) -> Accepted | None:
    session = Session(connection)
    refused = session.sign_in()
    if refused is not None:
        check_answer(refused, now=connection.now)
    return _standing(session, connection, record_key(outgoing.key))


def _standing(session: Session, connection: Connection, key: str) -> Accepted | None:
    """The record of that key, if it is there."""
    answer = session.get("com.atproto.repo.getRecord", [("repo", session.did), ("collection", POST), ("rkey", key)])
    if answer.status in {400, 404} and _error(answer) in {"RecordNotFound", "NotFound", "InvalidRequest"}:
        return None
    return _accepted(small_json(check_answer(answer, now=connection.now)), session)


def _error(answer: Any) -> str:
    try:
        return field_of(small_json(answer), "error")
    except EarshotError:
        return ""


def _demand_short(text: str) -> None:
    if count_graphemes(text) > LONGEST or len(text.encode()) > MOST_BYTES:
        raise RefusedError(
            _("A post there has at most %(number)s characters.") % {"number": LONGEST}, remedy=_("Say it shorter.")
        )


def _record(session: Session, connection: Connection, outgoing: Outgoing, text: str) -> dict[str, Any]:
    facets = facets_of(text, lambda handle: _did_of(session, connection, handle))
    at = connection.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "$type": POST,
        "text": text,
        "createdAt": at,
        **({"reply": _reply(session, connection, outgoing.answers.remote_id)} if outgoing.answers.remote_id else {}),
        **({"facets": facets} if facets else {}),
        **({"langs": [outgoing.language]} if outgoing.language else {}),
    }


def _reply(session: Session, connection: Connection, uri: str) -> dict[str, Any]:
    """What is answered and where its thread begins, as the network has it now. RefusedError when it is gone."""
    answer = session.get("app.bsky.feed.getPosts", [("uris", uri)])
    told = small_json(check_answer(answer, now=connection.now))
    posts = told.get("posts") if isinstance(told, dict) else None
    if not isinstance(posts, list) or not posts:
        raise RefusedError(_("What it answers is not there any more."), remedy=_("Write to the person another way."))
    parent = {"uri": field_of(posts[0], "uri"), "cid": field_of(posts[0], "cid")}
    root = {name: field_of(posts[0], "record", "reply", "root", name) for name in ("uri", "cid")}
    return {"root": root if all(root.values()) else parent, "parent": parent}


def _did_of(session: Session, connection: Connection, handle: str) -> str:
    """The account of a handle; empty when nobody has it: then it is no mention but words."""
    answer = session.get("com.atproto.identity.resolveHandle", [("handle", handle)])
    if answer.status == 400:
        return ""
    return field_of(small_json(check_answer(answer, now=connection.now)), "did")


def _accepted(told: Any, session: Session) -> Accepted:
    uri = field_of(told, "uri")
    who = session.names[-1] if session.names else session.did
    return Accepted(uri, f"https://bsky.app/profile/{who}/post/{uri.rpartition('/')[2]}")


WAY_OUT = WayOut(_send, _find, longest=LONGEST - ADDED, public=True, answered=answered, measure=count_graphemes)
