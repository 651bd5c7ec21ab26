"""Connections as people set them up: made, changed, paused, asked at once, begun anew, taken away."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from bpm import audit
from bpm.feedback.connectors.kinds import get_kind
from bpm.feedback.connectors.wishes import Wish, check_wish
from bpm.feedback.models import Connector
from bpm.foundation.errors import InvalidInputError, NotFoundError, SecretUnreadableError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.secrets import Owner, forget_secret, get_secret, put_secret


def make_connector(work: Work, kind: str, given: Mapping[str, str]) -> int:
    """Make a connection that is asked for the first time at once; its id. InvalidInputError with `fields`."""
    wish = check_wish(kind, given)
    _demand_free(work, wish.name)
    row = Connector(
        kind=kind,
        name=wish.name,
        source=wish.name,
        channel=wish.channel,
        settings=dict(wish.settings),
        cursor={},
        every_seconds=wish.every_seconds,
        next_at=work.now(),
        created_at=work.now(),
        created_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    _put_secrets(work, row, wish)
    audit.record(work, "connector.make", thing_of(row), after=_told(row) | {"secrets": sorted(wish.secrets)})
    work.nudge("connectors")
    return row.id


def change_connector(work: Work, connector_id: int, given: Mapping[str, str]) -> None:
    """Change a connection; secrets that are left empty stay. InvalidInputError with `fields`."""
    row = get_connector(work, connector_id)
    wish = check_wish(row.kind, given, kept=frozenset(secrets_of(work, row)))
    if wish.name != row.name:
        _demand_free(work, wish.name)
    before = _told(row)
    row.name, row.channel, row.every_seconds = wish.name, wish.channel, wish.every_seconds
    row.settings = dict(wish.settings)
    row.failures, row.next_at = 0, min(row.next_at, work.now() + timedelta(seconds=wish.every_seconds))
    _put_secrets(work, row, wish)
    audit.record(
        work, "connector.change", thing_of(row), before=before, after=_told(row) | {"secrets": sorted(wish.secrets)}
    )


def pause_connector(work: Work, connector_id: int) -> None:
    """Ask it no more until it is resumed."""
    _switch(work, connector_id, "connector.pause")


def resume_connector(work: Work, connector_id: int) -> None:
    """Ask it again, at once; what came meanwhile is fetched, for the cursor stands where it stood."""
    _switch(work, connector_id, "connector.resume")
    poll_now(work, connector_id)


def _switch(work: Work, connector_id: int, verb: str) -> None:
    row = get_connector(work, connector_id)
    paused = verb == "connector.pause"
    audit.record(work, verb, thing_of(row), before={"paused": row.paused}, after={"paused": paused})
    row.paused = paused


def poll_now(work: Work, connector_id: int) -> None:
    """Let the worker ask it next."""
    row = get_connector(work, connector_id)
    row.next_at, row.failures = work.now(), 0
    work.nudge("connectors")


def begin_anew(work: Work, connector_id: int) -> None:
    """Forget how far it was read: everything that is there is looked at again, and what is known is not taken twice."""
    row = get_connector(work, connector_id)
    audit.record(work, "connector.begin_anew", thing_of(row))
    row.cursor = {}
    row.revision += 1
    poll_now(work, connector_id)


def remove_connector(work: Work, connector_id: int) -> None:
    """Take a connection away with its secrets; what it brought stays."""
    row = get_connector(work, connector_id)
    audit.record(work, "connector.remove", thing_of(row), before=_told(row))
    for name in get_kind(row.kind).secret_names:
        forget_secret(work, _owner(row.id, name))
    work.session.delete(row)


def get_connector(work: Work, connector_id: int) -> Connector:
    """The connection, or NotFoundError."""
    row = work.session.get(Connector, connector_id)
    if row is None:
        raise NotFoundError(_("There is no source %(id)s.") % {"id": connector_id})
    return row


def secrets_of(work: Work, row: Connector) -> dict[str, str]:
    """The secrets that are kept for it, by name; SecretUnreadableError when one cannot be opened."""
    found = {}
    for name in get_kind(row.kind).secret_names:
        try:
            found[name] = get_secret(work, _owner(row.id, name))
        except NotFoundError:
            continue
    return found


def put_renewed(work: Work, row: Connector, secrets: Mapping[str, str]) -> None:
    """Keep secrets that the other side renewed."""
    for name, value in secrets.items():
        put_secret(work, _owner(row.id, name), value)


def _put_secrets(work: Work, row: Connector, wish: Wish) -> None:
    put_renewed(work, row, wish.secrets)


def kept_secrets(work: Work, connector_id: int) -> frozenset[str]:
    """The names of the secrets that are kept for it."""
    try:
        return frozenset(secrets_of(work, get_connector(work, connector_id)))
    except SecretUnreadableError:
        return frozenset()


def _demand_free(work: Work, name: str) -> None:
    if work.session.scalar(select(Connector.id).where(Connector.name == name)) is not None:
        raise InvalidInputError(
            _("Another source is called %(name)s.") % {"name": name},
            remedy=_("Give it another name."),
            fields={"name": _("Another source has this name.")},
        )


def _owner(connector_id: int, name: str) -> Owner:
    return Owner("connector", f"{connector_id} {name}")


def thing_of(row: Connector) -> audit.Thing:
    """The connection as the audit trail names it."""
    return audit.Thing("connector", row.id, row.name)


def _told(row: Connector) -> dict[str, object]:
    return {
        "kind": row.kind,
        "channel": row.channel,
        "every_seconds": row.every_seconds,
        "settings": dict(row.settings),
    }
