"""How many of those who manage talked to a customer themselves: a count of people, each by name, over thirty days."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bpm.foundation.work import Work
from bpm.identity import list_users
from bpm.processes.models import CustomerTalk
from bpm.processes.models.register_lists import TalkStatus
from bpm.statistics import Share, share

PERIOD = timedelta(days=30)
MANAGER = "manager"


@dataclass(frozen=True)
class DirectContact:
    """Managers with the talks they had; `share` counts every manager, and is shown as a figure from ten on."""

    share: Share
    managers: tuple[tuple[str, int], ...]
    """(name, talks in the period), those without any, too."""


def direct_contact(work: Work) -> DirectContact:
    """Active people with the role manager, and the talks that came about in the last 30 days."""
    counted = work.session.execute(
        select(CustomerTalk.done_by, func.count())
        .where(CustomerTalk.status == TalkStatus.TALKED, CustomerTalk.done_at > work.now() - PERIOD)
        .group_by(CustomerTalk.done_by)
    )
    talks = {row[0]: row[1] for row in counted}
    managers = [user for user in list_users(work) if user.active and MANAGER in user.roles]
    rows = tuple((user.display_name, talks.get(user.id, 0)) for user in managers)
    return DirectContact(share(sum(count > 0 for _name, count in rows), len(rows)), rows)
