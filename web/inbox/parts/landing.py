"""With whom an item landed, whose it is, and who could get it."""

from dataclasses import dataclass

from bpm import identity
from bpm.feedback.queries import ItemRow
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import routing
from bpm.processes.routing import ADVOCATES, Facts, Owner


@dataclass(frozen=True)
class LandingPart:
    """What an item's page shows of routing."""

    inbox: str
    watching: tuple[str, ...]
    why: str
    owner: Owner | None
    mine: bool
    people: tuple[tuple[str, str], ...]
    """(user name, name) of those who answer customers."""


def inbox_names(unit: Work) -> tuple[tuple[str, str], ...]:
    """(key, name) of all that items can land with."""
    return ((ADVOCATES, _("Advocates")), *((group.key, group.name) for group in identity.list_groups(unit)))


def landing_part(unit: Work, row: ItemRow, complexity: str | None) -> LandingPart:
    """Where it landed by the table that holds now, and whose it is."""
    names = dict(inbox_names(unit))
    found = routing.land(Facts(row.channel, complexity), routing.get_table(unit))
    owner = routing.owners(unit, [row.first_id]).get(row.first_id)
    chooses = may(unit.actor, Permission.ANSWER)
    users = identity.list_users(unit) if chooses else []
    answering = (user for user in users if user.active and may(identity.actor_of(user), Permission.ANSWER))
    return LandingPart(
        inbox=names.get(found.inbox, found.inbox),
        watching=tuple(names.get(each, each) for each in found.watching),
        why=found.why,
        owner=owner,
        mine=owner is not None and owner.user_id == unit.actor.user_id,
        people=tuple((user.username, user.display_name) for user in answering),
    )
