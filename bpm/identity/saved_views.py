"""Saved views: a list's filters under a name, for one person or shared with a group of theirs."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, and_, bindparam, delete, or_, select

from bpm import audit
from bpm.foundation.db import among, at_most
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import Saved

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2_000, 40
"""Characters; characters; views that one person has for one list."""


@dataclass(frozen=True)
class SavedView:
    """A view as a list offers it. `query`: the query string of its address."""

    id: int
    name: str
    query: str
    group_key: str | None
    """Group it is shared with."""
    is_mine: bool


# Built once: every list with views asks it, and building it costs more than running it.
_SAVED = cast("Table", Saved.__table__)
_OFFERED = (
    select(_SAVED.c.id, _SAVED.c.name, _SAVED.c.query, _SAVED.c.group_key, _SAVED.c.owner_id)
    .where(
        _SAVED.c.list == bindparam("list"),
        or_(
            _SAVED.c.owner_id == bindparam("person"),
            among(_SAVED.c.group_key, "groups"),
        ),
    )
    .order_by(_SAVED.c.name, _SAVED.c.id)
    .limit(at_most(2 * MOST))
)


def list_views(work: Work, name_of_list: str) -> tuple[SavedView, ...]:
    """Views of a list (tasks, inbox ...) that the actor made or whose group they are in; the actor's own first."""
    actor = work.actor
    values = {"list": name_of_list, "person": actor.user_id, "groups": sorted(actor.groups)}
    rows = work.session.execute(_OFFERED, values)
    found = [SavedView(row.id, row.name, row.query, row.group_key, row.owner_id == actor.user_id) for row in rows]
    return tuple(sorted(found, key=lambda view: not view.is_mine))


def save_view(work: Work, name_of_list: str, *, name: str, query: str, group_key: str | None = None) -> int:
    """Keep a view; one of the same name and list is replaced. Raises InvalidInputError, ForbiddenError."""
    name, owner = " ".join(name.split()), work.actor.user_id
    if owner is None:
        raise ForbiddenError(_("Only a person can save a view."), remedy=_("Sign in."))
    if not name or len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise InvalidInputError(
            _("A view needs a name of at most %(most)s characters.") % {"most": LONGEST_NAME}, remedy=_("Name it.")
        )
    if group_key and group_key not in work.actor.groups:
        raise ForbiddenError(_("You are not in this group."), remedy=_("Share the view with a group of yours."))
    mine = and_(Saved.owner_id == owner, Saved.list == name_of_list)
    known = work.session.scalars(select(Saved).where(mine)).all()
    view = next((each for each in known if each.name == name), None)
    if view is None and len(known) >= MOST:
        raise InvalidInputError(
            _("You have %(most)s views of this list.") % {"most": MOST}, remedy=_("Remove one that you do not use.")
        )
    if view is None:
        view = Saved(list=name_of_list, name=name, owner_id=owner)
        work.session.add(view)
    view.query, view.group_key = query, group_key or None
    work.session.flush()
    audit.record(work, "view.save", audit.Thing("view", view.id, name), after={"query": query, "group": group_key})
    return view.id


def remove_view(work: Work, view_id: int) -> str:
    """Take a view of the actor's away for everybody; gives its name. NotFoundError for one of somebody else."""
    mine = (Saved.id == view_id, Saved.owner_id == work.actor.user_id)
    name = work.session.scalar(delete(Saved).where(*mine).returning(Saved.name))
    if name is None:
        raise NotFoundError(_("There is no such view of yours."))
    audit.record(work, "view.remove", audit.Thing("view", view_id, name))
    return str(name)
