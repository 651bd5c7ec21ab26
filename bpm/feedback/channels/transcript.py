"""Calls and chats: who of the speakers is the customer, and what the customer said.

One call is one item: the customer's turns joined by line breaks are its text, so that offsets of evidence stay within
the customer's own words; all turns are kept in `extra` for the screen. What agents, bots and systems say is never
taken as a customer's voice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bpm.feedback.channels.rows import Context
from bpm.foundation.errors import InvalidInputError

_CUSTOMER = frozenset({"customer", "caller", "client", "user", "consumer", "guest", "member", "visitor", "patient"})
_AGENT = frozenset({"agent", "representative", "rep", "advisor", "adviser", "operator", "support", "assistant",
                    "employee", "staff", "csr", "supervisor", "service"})  # fmt: skip
_MACHINE = frozenset({"system", "bot", "ivr", "action", "virtual", "recording", "announcement", "music"})


@dataclass(frozen=True)
class Turn:
    """What one speaker says in one go; times in seconds from the start of the call, None when not told."""

    speaker: str
    text: str
    start: float | None = None
    end: float | None = None


def roles(speakers: Sequence[str], context: Context) -> dict[str, str]:
    """Speaker -> customer, agent, machine or unknown.

    First by the options `_customers` and `_agents`, then by words in the name. When one side is known by that,
    the other named speakers are the other side; when neither is, InvalidInputError asks for the option.
    """
    found = {speaker: _by_name(speaker, context) for speaker in speakers}
    sides = set(found.values()) & {"customer", "agent"}
    if not sides:
        known = ", ".join(sorted(filter(None, found))) or "the unnamed speakers"
        raise InvalidInputError(
            f"Nobody can tell who of {known} is the customer.",
            place="speakers",
            remedy="Name them with the option _customers or _agents.",
        )
    if len(sides) == 1:
        other = "agent" if "customer" in sides else "customer"
        found = {speaker: other if speaker and role == "unknown" else role for speaker, role in found.items()}
    return found


def _by_name(speaker: str, context: Context) -> str:
    name = speaker.strip().lower()
    if name in context.names("customers"):
        return "customer"
    if name in context.names("agents"):
        return "agent"
    words = set(name.replace("_", " ").replace("-", " ").split())
    for role, known in (("machine", _MACHINE), ("agent", _AGENT), ("customer", _CUSTOMER)):
        if words & known:
            return role
    return "unknown"


def told(turns: Sequence[Turn], context: Context) -> tuple[str, dict[str, Any]]:
    """The customer's words and the `extra` of the item: all turns with their role, and the listening measures.

    Talk share is the customer's part of the time that customer and agent speak; of their words when no times are told.
    """
    role_of = roles(sorted({turn.speaker for turn in turns}), context)
    rows = [
        {
            "role": role_of[turn.speaker],
            "speaker": turn.speaker,
            "text": turn.text,
            "start": turn.start,
            "end": turn.end,
        }
        for turn in turns
    ]
    text = "\n".join(turn.text for turn in turns if role_of[turn.speaker] == "customer")
    return text, {"turns": rows, "listening": _listening(turns, role_of)}


def _listening(turns: Sequence[Turn], role_of: dict[str, str]) -> dict[str, Any]:
    seconds = {"customer": 0.0, "agent": 0.0}
    words = {"customer": 0, "agent": 0}
    for turn in turns:
        role = role_of[turn.speaker]
        if role in words:
            words[role] += len(turn.text.split())
            seconds[role] += (turn.end - turn.start) if turn.start is not None and turn.end is not None else 0.0
    timed = sum(seconds.values())
    said = sum(words.values())
    share = seconds["customer"] / timed if timed else words["customer"] / said if said else None
    return {
        "customer_seconds": round(seconds["customer"], 3) if timed else None,
        "agent_seconds": round(seconds["agent"], 3) if timed else None,
        "customer_words": words["customer"],
        "agent_words": words["agent"],
        "customer_talk_share": round(share, 4) if share is not None else None,
        "unit": "seconds" if timed else "words",
    }
