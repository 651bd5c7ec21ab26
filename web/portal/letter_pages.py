"""A letter and the way to a person, as the pages of a link and of a visit both show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from flask import request

from bpm.feedback.portal import Said, Wish
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import trails
from web.core.numbers import key_of
from web.portal.frames import Frame, frame, settings
from web.portal.letters import Entry, entry_of, fitting
from web.portal.visits import proof_of_visit

CHANNELS = (
    ("email", _("by mail")), ("call", _("by phone")), ("chat", _("here")), ("social", _("where I wrote in public")),
)  # fmt: skip


@dataclass(frozen=True)
class LetterPage:
    """What portal/letter.html shows; `about` is the newest item, which the form answers."""

    frame: Frame
    entries: Sequence[Entry]
    older: str
    write: str
    wishes: str
    about: int
    key: str
    text: str
    wish: Wish | None
    channels: tuple[tuple[str, str], ...]
    expires_at: datetime | None
    tie: str
    """Where to put it into one's list; empty where that is not offered."""
    back: str
    proof: str


@dataclass(frozen=True)
class PersonPage:
    """What portal/person.html shows."""

    frame: Frame
    phone: str
    email: str
    to: str
    known: bool
    key: str
    back: str
    values: dict[str, str]
    proof: str


def letter_of(
    work: Work, said: Sequence[Said], around: Frame, *, here: Any, write: str, wishes: str, text: str,
    wish: Wish | None, expires_at: datetime | None, tie: str, back: str,
) -> LetterPage:  # fmt: skip
    """A letter about these items, at most 30 at a time; `here` gives its own address."""
    before = key_of(request.args.get("before", ""))
    shown = [each for each in said if before is None or each.item_id < before][-30:]
    found, names = trails.read_trails(work, [each.item_id for each in shown]), trails.read_names(work)
    entries = fitting([entry_of(each, found[each.item_id], names) for each in shown])
    first = entries[0].item_id if entries else 0
    older = here(before=first) if any(each.item_id < first for each in said) else ""
    return LetterPage(
        around, entries, older, write, wishes, about_of(said), token_hex(8), text, wish, CHANNELS, expires_at, tie,
        back, proof_of_visit(),
    )  # fmt: skip


def about_of(said: Sequence[Said]) -> int:
    """The item that the form is about: the newest that was not said on these pages themselves."""
    return next((each.first_id for each in reversed(said) if not each.wish), said[-1].first_id)


def among(said: Sequence[Said], written: str) -> int:
    """The item that the words are about, if it is one of theirs; else the newest of theirs."""
    number = key_of(written)
    if not said:
        raise NotFoundError(_("There is nothing here."))
    return number if number in {each.first_id for each in said} and number else said[-1].first_id


def wish_sent() -> Wish:
    """Where and when they like to be talked to, as the form says."""
    sent = request.form
    return Wish(
        sent.get("channel", ""), key_of(sent.get("from_hour", "")), key_of(sent.get("until_hour", "")),
        sent.get("note", ""),
    )  # fmt: skip


def person_of(to: str, *, known: bool, back: str, error: str = "") -> PersonPage:
    """The way to a person; `to` is where the form goes, `known` whether we know who asks."""
    values = {name: request.form.get(name, "") for name in ("name", "reach", "text")}
    around = frame("", error=error)
    return PersonPage(
        around,
        settings().contact_phone,
        settings().contact_email,
        to,
        known,
        token_hex(8),
        back,
        values,
        proof_of_visit(),
    )
