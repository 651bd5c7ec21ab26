"""What a call tells: the customer's words, all turns with their roles, the listening measures, and who called.

One call is one item: the customer's turns joined by line breaks are its text, so that offsets of evidence stay within
the customer's own words; all turns are kept in `extra` for the screen. What agents, bots and systems say is never
taken as a customer's voice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bpm.feedback.channels.calls.greetings import who_offers_help
from bpm.feedback.channels.calls.listening import measures
from bpm.feedback.channels.calls.roles import AGENT, CUSTOMER, MACHINE, UNKNOWN, by_words, roles, without_additions
from bpm.feedback.channels.calls.turns import Turn
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


@dataclass(frozen=True)
class Told:
    """`text` is empty when no customer speaks; `name` and `phone` are the one customer's, as far as the label tells."""

    text: str
    extra: dict[str, Any]
    warnings: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""


def told(turns: Sequence[Turn], context: Context) -> Told:
    """What these turns tell; InvalidInputError when nobody can say who of the speakers is the customer."""
    role_of, greeting = _roles(turns, context)
    as_rows = [
        {
            "role": role_of[turn.speaker],
            "speaker": turn.speaker,
            "text": turn.text,
            "start": turn.start,
            "end": turn.end,
        }
        for turn in turns
    ]
    customers = [speaker for speaker, role in role_of.items() if role == CUSTOMER]
    name, phone = _caller(customers)
    return Told(
        text="\n".join(turn.text for turn in turns if role_of[turn.speaker] == CUSTOMER),
        extra={"turns": as_rows, "listening": measures([(role_of[turn.speaker], turn) for turn in turns])},
        warnings=(*greeting, *_third_parties(turns, role_of)),
        name=name,
        phone=phone,
    )


def _roles(turns: Sequence[Turn], context: Context) -> tuple[dict[str, str], tuple[str, ...]]:
    """Speaker -> role, and what a person is told of it; of two strangers the one who offers help is the company's."""
    by_source = {turn.speaker: turn.role for turn in reversed(turns)}
    try:
        return roles(by_source, context), ()
    except InvalidInputError:
        speaker = who_offers_help(turns)
        if not speaker:
            raise
    told_by = _("%(name)s greets as the company's own and was taken as that. If that is wrong, say it with --agent.")
    return roles(by_source | {speaker: AGENT}, context), (told_by % {"name": speaker[:200]},)


def row_of(record: Record, item: RawItem, call: Told) -> Row:
    """The row of a call; one in which no customer speaks is left out."""
    if not call.text.strip():
        return Row(record.number, ignored=_("a call in which only the company's side speaks"), raw=record.raw)
    return Row(record.number, item, raw=record.raw, warnings=call.warnings)


def _caller(customers: list[str]) -> tuple[str, str]:
    """(name, phone) of the only customer; of several nobody knows whose the words are."""
    if len(customers) != 1:
        return "", ""
    label = without_additions(customers[0])
    if re.fullmatch(r"\+?[\d ()./-]{6,25}", label):
        return "", label
    return ("", "") if not label or by_words(label) != UNKNOWN else (label, "")


def _third_parties(turns: Sequence[Turn], role_of: dict[str, str]) -> list[str]:
    others = {turn.speaker for turn in turns if turn.speaker and role_of[turn.speaker] == UNKNOWN}
    if not others or not {CUSTOMER, AGENT, MACHINE} & set(role_of.values()):
        return []
    names = ", ".join(sorted(others))[:200]
    said = _("Nobody can tell on whose side %(names)s speaks: not taken as the customer's words. Say it with --agent.")
    return [said % {"names": names}]
