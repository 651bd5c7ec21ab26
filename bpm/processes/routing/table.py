"""With whom an item lands first: by its channel, and by how hard it is to settle. Pure.

What is said in public comes to the advocates first; others watch. What is difficult goes straight to those who
can settle it, not up a chain. How many follow who wrote it is no input (law 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bpm.feedback.care import Complexity
from bpm.feedback.status import Channel
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

ADVOCATES = "advocates"
"""Everybody with the role advocate; beside it the keys of groups."""
PUBLIC = frozenset({Channel.SOCIAL, Channel.REVIEW})
"""The class of channels that everybody reads along."""


@dataclass(frozen=True)
class Row:
    """With whom items of one channel land, hard ones with whom, and who watches."""

    first: str = ADVOCATES
    difficult: str = ADVOCATES
    watching: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A row for each channel; `from_level`: the complexity from which an item counts as hard."""

    rows: Mapping[Channel, Row] = field(default_factory=dict)
    from_level: Complexity = Complexity.DIFFICULT
    assigning: frozenset[str] = frozenset()
    """Inboxes whose items are given to a person by themselves."""

    def row(self, channel: str) -> Row:
        """That of the channel; where nobody has said anything, the advocates have it."""
        return self.rows.get(Channel(channel), Row())


@dataclass(frozen=True)
class Facts:
    """All that routing looks at."""

    channel: str
    complexity: str | None = None
    """None: nobody has read it yet."""


@dataclass(frozen=True)
class Landing:
    """With whom an item lands, who watches, and why in a sentence."""

    inbox: str
    watching: tuple[str, ...]
    is_hard: bool
    why: str


def land(facts: Facts, table: Table) -> Landing:
    """Where an item lands first."""
    row = table.row(facts.channel)
    is_hard = facts.complexity in hard_levels(table)
    inbox = row.difficult if is_hard else row.first
    if is_hard:
        why = _("It is %(level)s to settle: it goes straight to who can, by channel %(channel)s.")
    elif facts.channel in PUBLIC and inbox == ADVOCATES:
        why = _("What is said in public (%(channel)s) comes to the advocates first.")
    else:
        why = _("By the routing of channel %(channel)s.")
    told = why % {"level": facts.complexity, "channel": facts.channel}
    return Landing(inbox, tuple(each for each in row.watching if each != inbox), is_hard, told)


def hard_levels(table: Table) -> frozenset[str]:
    """Levels of complexity that count as hard."""
    levels = list(Complexity)
    return frozenset(str(each) for each in levels[levels.index(table.from_level) :])


def landings(table: Table, inbox: str) -> Sequence[tuple[Channel, bool]]:
    """(channel, hard or not) of all items that land in that inbox."""
    return [
        (channel, is_hard)
        for channel in Channel
        for is_hard in (False, True)
        if (table.row(channel).difficult if is_hard else table.row(channel).first) == inbox
    ]


def table_from(written: Mapping[str, Any], known: frozenset[str]) -> Table:
    """A table as it is stored or sent; InvalidInputError for a channel, level or inbox that is none of the `known`."""
    try:
        level = Complexity(str(written.get("from_level", Complexity.DIFFICULT)))
        rows = {Channel(channel): _row(row) for channel, row in dict(written.get("rows", {})).items()}
        assigning = frozenset(str(each) for each in written.get("assigning", ()))
    except (TypeError, ValueError, AttributeError):
        raise InvalidInputError(_("This is no routing table."), remedy=_("Choose from the lists.")) from None
    named = {name for row in rows.values() for name in (row.first, row.difficult, *row.watching)} | assigning
    if unknown := named - known:
        raise InvalidInputError(
            _("There is no inbox %(names)s.") % {"names": ", ".join(sorted(unknown))},
            remedy=_("Choose the advocates or a group."),
        )
    return Table(rows, level, assigning)


def _row(written: Mapping[str, Any]) -> Row:
    first = str(written.get("first") or ADVOCATES)
    watching = tuple(dict.fromkeys(str(each) for each in written.get("watching", ()) if each))
    return Row(first, str(written.get("difficult") or first), watching)


def as_plain(table: Table) -> dict[str, Any]:
    """As it is stored."""
    rows = {
        str(channel): {"first": row.first, "difficult": row.difficult, "watching": list(row.watching)}
        for channel, row in table.rows.items()
    }
    return {"rows": rows, "from_level": str(table.from_level), "assigning": sorted(table.assigning)}


def shipped(groups: Sequence[str]) -> Table:
    """What holds before anybody has said anything: public to the advocates, the rest to service where there is one."""
    service = "service" if "service" in groups else ADVOCATES
    watching = tuple(each for each in ("marketing", "it", "operations") if each in groups)
    return Table(
        {
            channel: Row(ADVOCATES, ADVOCATES, watching) if channel in PUBLIC else Row(service, ADVOCATES, ())
            for channel in Channel
        }
    )
