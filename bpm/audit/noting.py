"""Commands say what they did; all that one transaction said is written by one statement before its commit.

`record` states a fact like any event, so whatever takes a command back (a rolled back savepoint, a dry run, an error)
takes its row back, too. The rows are not linked here: no command waits for the chain (see `sealing`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert

from bpm.audit.digests import bounded, canonical, digest_of
from bpm.audit.models import AuditWaiting
from bpm.foundation.bus import Bus
from bpm.foundation.events import Event
from bpm.foundation.work import Actor, Work

WAITING = cast("Table", AuditWaiting.__table__)
# Nobody reads the new row's id.
_INSERT = insert(WAITING).inline()

Values = Mapping[str, Any] | None


@dataclass(frozen=True)
class Thing:
    """What was acted on: its type and id, in words for people, and whose data the values are (as "case 12")."""

    type: str
    id: int | str
    words: str = ""
    about: str = ""


@dataclass(frozen=True)
class Noted(Event):
    """Somebody did something."""

    verb: str
    thing: Thing
    before: Values
    after: Values
    reason: str
    at: datetime
    by: Actor


def record(
    work: Work,
    verb: str,
    thing: Thing,
    *,
    before: Values = None,
    after: Values = None,
    reason: str | None = "",
    by: Actor | None = None,
) -> None:
    """Put on the trail what `by` does in this transaction, or where nobody is named `work.actor`.

    `verb` is noun.verb (task.complete). `before` and `after` hold what changed, by name, as JSON; no password and no
    secret. Long values are cut and say so.
    """
    work.publish(Noted(verb, thing, before, after, reason or "", work.now(), by or work.actor))


def wire(bus: Bus) -> None:
    """Write what was noted at the end of each transaction."""
    bus.gather(Noted, _write)


def _write(work: Work, noted: Sequence[Noted]) -> None:
    work.session.execute(_INSERT, [_row(each) for each in noted])


def _row(noted: Noted) -> dict[str, Any]:
    actor = noted.by
    details = canonical(
        {
            "who": actor.display_name or actor.name,
            "words": noted.thing.words[:500],
            "address": actor.via.address,
            "reason": noted.reason[:2000],
            "before": bounded(noted.before),
            "after": bounded(noted.after),
        }
    )
    salt = secrets.token_hex(16)
    return {
        "at": noted.at,
        "actor_kind": "person" if actor.is_person else actor.name,
        "actor_id": actor.user_id,
        "verb": noted.verb,
        "object_type": noted.thing.type,
        "object_id": str(noted.thing.id).replace("\0", "")[:200],
        "about": noted.thing.about,
        "request_id": actor.via.request_id,
        "salt": salt,
        "details": details,
        "digest": digest_of(salt, details),
    }
