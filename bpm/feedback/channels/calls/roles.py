"""Who of the speakers is the customer, who speaks for the company and who is a machine."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from itertools import pairwise

from bpm.feedback.channels.calls import role_words
from bpm.feedback.channels.rows import Context
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

CUSTOMER, AGENT, MACHINE, UNKNOWN = "customer", "agent", "machine", "unknown"

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BOT = re.compile(r"(?:chat|voice|support|help|service|care|sales|auto|shop|info)bot\d*$")


def roles(told: Mapping[str, str], context: Context) -> dict[str, str]:
    """Speaker -> customer, agent, machine or unknown; `told` holds what the source itself says of each ("" else).

    By the options `_customers` and `_agents` first, then by the source, then by words in the name. Where agents are
    named or one side alone is known, the others are the other side; where neither is, the only telephone number among
    the speakers is the customer. Else InvalidInputError asks.
    """
    found = {speaker: _named(speaker, context) or role or by_words(speaker) for speaker, role in told.items()}
    if not set(found.values()) & {CUSTOMER, AGENT} and len(outside := list(filter(is_number, found))) == 1:
        found[outside[0]] = CUSTOMER
    rest = [speaker for speaker, role in found.items() if role == UNKNOWN and speaker]
    sides = set(found.values())
    if not rest:
        other = UNKNOWN
    elif context.option("agents") and AGENT in sides:
        other = CUSTOMER
    elif CUSTOMER in sides and AGENT in sides:
        other = UNKNOWN
    elif CUSTOMER in sides:
        other = AGENT
    elif AGENT in sides or (MACHINE in sides and len(rest) == 1):
        other = CUSTOMER
    else:
        other = ""
    if not other or not sides & {CUSTOMER, AGENT, MACHINE}:
        raise _unsure(rest or sorted(found))
    return {speaker: other if role == UNKNOWN and speaker else role for speaker, role in found.items()}


def _unsure(speakers: Collection[str]) -> InvalidInputError:
    known = ", ".join(sorted(filter(None, speakers))) or _("the unnamed speakers")
    return InvalidInputError(
        _("Nobody can tell who of %(known)s is the customer.") % {"known": known[:400]},
        place="speakers",
        remedy=_("Name the company's own with --agent, or with the option _customers or _agents, one name a line."),
    )


def _named(speaker: str, context: Context) -> str:
    forms = {plain(speaker), plain(without_additions(speaker))} - {""}
    if forms & {plain(name) for name in context.names("customers")}:
        return CUSTOMER
    return AGENT if forms & {plain(name) for name in context.names("agents")} else ""


def plain(name: str) -> str:
    """A name for comparing: one form of its letters, small, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def without_additions(name: str) -> str:
    """`Mary O'Brien (she/her)` and `Miller, Ann | Acme` without what stands behind the name."""
    bare = re.sub(r"\s*+[(\[][^()\[\]]{0,60}[)\]]", "", name)
    return re.split(r"\s[|/·•–—]\s", bare, maxsplit=1)[0].strip()


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters."""
    return _TOKEN.findall(plain(name.replace("_", " ")))


def is_number(speaker: str) -> bool:
    """Whether a speaker is called by a telephone number, as calls and texts from outside are."""
    return (
        re.fullmatch(r"(?:\w+:)?\+?[\d\s().\-\u2013/]{7,24}", speaker) is not None
        and sum(map(str.isdigit, speaker)) >= 7
    )


def by_words(speaker: str) -> str:
    """The role that a speaker's name tells, or unknown; a desk that is there for customers is the company's."""
    words = words_of(speaker)
    unspaced = next((role for role, part in role_words.UNSPACED if part in speaker), "")
    if unspaced:
        return unspaced
    if any(word in role_words.MACHINE or _BOT.search(word) for word in words):
        return MACHINE
    if any(word in role_words.AGENT or _is_desk(word) for word in words):
        return AGENT
    if any(first in role_words.CUSTOMER and then in role_words.DESKS for first, then in pairwise(words)):
        return AGENT
    return CUSTOMER if any(word in role_words.CUSTOMER for word in words) else UNKNOWN


def _is_desk(word: str) -> bool:
    """Kundenberater, Kundenservice: compounds with the customer in front."""
    return word.startswith(("kunden", "klanten", "kunde-", "kunden-")) and word not in role_words.CUSTOMER
