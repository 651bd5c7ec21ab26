"""Who has which role beside their own: everywhere, for a process, a case, a conversation or an inbox; guests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import request
from werkzeug.wrappers import Response

from bpm import feedback, identity
from bpm.engine import queries as engine_queries
from bpm.feedback.raw_item import CHANNELS
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Holder, Permission, Scope, ScopeKind
from bpm.identity.roles import GrantRow
from web.admin.blueprint import blueprint
from web.core.rendering import go_back, render, say
from web.core.request_context import work
from web.core.security import needs


@dataclass(frozen=True)
class GrantsPage:
    rows: tuple[GrantRow, ...]
    people: tuple[tuple[int, str], ...]
    groups: tuple[tuple[int, str], ...]
    roles: Mapping[str, str]
    kinds: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str], ...]
    """(key, what it is): processes and channels, offered while a key is typed."""
    holder: str
    kind: str
    key: str


@blueprint.get("/access")
@needs(Permission.ADMIN)
def grants() -> str:
    """`?holder=person-7&kind=case&key=12` fills the form."""
    asked = request.args
    kinds = (
        (str(ScopeKind.EVERYWHERE), _("everywhere")),
        (str(ScopeKind.PROCESS), _("for the process (its key)")),
        (str(ScopeKind.CASE), _("for the case (its number)")),
        (str(ScopeKind.CONVERSATION), _("for the conversation (its number)")),
        (str(ScopeKind.INBOX), _("for the inbox (its channel)")),
    )
    return render(
        "admin/grants.html",
        GrantsPage(
            rows=tuple(identity.list_grants(work())),
            people=tuple((user.id, user.display_name) for user in identity.list_users(work()) if user.active),
            groups=tuple((group.id, group.name) for group in identity.list_groups(work())),
            roles=identity.role_names(work()),
            kinds=kinds,
            known=(
                *((each.key, each.name) for each in engine_queries.list_processes(work())),
                *((channel, _("inbox")) for channel in CHANNELS),
            ),
            holder=asked.get("holder", ""),
            kind=asked.get("kind", ""),
            key=asked.get("key", "")[:200],
        ),
    )


@blueprint.post("/access")
@needs(Permission.ADMIN, proof=True)
def give() -> Response:
    form = request.form
    who, _dash, number = form.get("holder", "").partition("-")
    if who not in {"person", "group"} or not number.isdecimal() or form.get("kind") not in set(ScopeKind):
        raise InvalidInputError(_("Nothing was granted."), remedy=_("Choose who, which role, and for what."))
    holder = Holder(user_id=int(number)) if who == "person" else Holder(group_id=int(number))
    scope = Scope(ScopeKind(form["kind"]), form.get("key", "").strip())
    _refuse_unknown(work(), scope)
    identity.grant(work(), holder, form.get("role", ""), scope=scope, expires_at=_end_of(form.get("until", "")))
    say(_("Granted: it holds with their next page."))
    return go_back("admin.grants")


def _refuse_unknown(work: Work, scope: Scope) -> None:
    """InvalidInputError for what is not there: a role for it would never hold, and nobody would hear of it."""
    if scope.kind is not ScopeKind.EVERYWHERE and scope.key and not _is_there(work, scope):
        raise InvalidInputError(
            _("Nothing was granted: there is no “%(key)s”.") % {"key": scope.key[:80]},
            remedy=_("Write the key of a process, the number of a case or conversation, or the channel of an inbox."),
            place=scope.key[:80],
        )


def _is_there(work: Work, scope: Scope) -> bool:
    if scope.kind is ScopeKind.INBOX:
        return scope.key in CHANNELS
    if scope.kind is ScopeKind.PROCESS:
        return any(each.key == scope.key for each in engine_queries.list_processes(work))
    if not (scope.key.isdecimal() and int(scope.key) < 2**31):
        return False
    if scope.kind is ScopeKind.CONVERSATION:
        return bool(feedback.queries.items_in(work, int(scope.key)))
    try:
        engine_queries.get_instance(work, int(scope.key))
    except NotFoundError:
        return False
    return True


def _end_of(day: str) -> datetime | None:
    """The end of the day that was chosen, in UTC; None for none."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC) if day else None
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(_("This is no day."), remedy=_("Write it as 2026-12-31."), place=day[:20]) from error


@blueprint.post("/access/<int:grant_id>/take-back")
@needs(Permission.ADMIN, proof=True)
def take_back(grant_id: int) -> Response:
    identity.revoke(work(), grant_id)
    say(_("Taken back."))
    return go_back("admin.grants")
