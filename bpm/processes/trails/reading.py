"""The facts of trails, read for many items at once; and the names of ours that customers may read."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import (
    Classification,
    Decision,
    Distribution,
    FeedbackItem,
    IncidentItem,
    IncidentTold,
    IncidentUpdate,
    Reply,
)
from bpm.feedback.status import DecisionKind, DistributionStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import Group, User
from bpm.processes.models import BoardEntry, Improvement, ImprovementVoice, PublishedName
from bpm.processes.status import ImprovementStatus, NameKind
from bpm.processes.trails.publishing import Names
from bpm.processes.trails.steps import Changed, Decided, Facts, HandedOver, Heard, Told, Trail, Understood, build

BY_A_PERSON = "human:"
MOST = 200
"""Items whose trails are read at once."""
NOT_SOLVED = "not_solved"


def read_trails(work: Work, item_ids: Sequence[int]) -> dict[int, Trail]:
    """Item id -> its trail; what was decided or answered on an earlier version counts. At most `MOST` at once."""
    wanted = list(dict.fromkeys(item_ids))[:MOST]
    first = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
    found = work.session.execute(select(FeedbackItem.id, first).where(FeedbackItem.id.in_(wanted))).all()
    roots: dict[int, int] = {row[0]: row[1] for row in found}
    rows = work.session.execute(
        select(FeedbackItem.id, first, FeedbackItem.received_at, FeedbackItem.channel, FeedbackItem.said_at)
        .where(FeedbackItem.first_id.in_(roots.values()) | FeedbackItem.id.in_(roots.values()))
        .order_by(FeedbackItem.version)
    ).all()
    heard: dict[int, Heard] = {}
    of: dict[int, int] = {}
    """Version -> the item it is a version of, by its first."""
    for item_id, root, received_at, channel, said_at in rows:
        of[item_id] = root
        heard.setdefault(root, Heard(received_at, channel, said_at))
    read = [each(work, of) for each in (_understood, _handed_over, _decided, _changed, _told)]
    understood, handed_over, decided, changed, told = (cast("dict[int, Any]", each) for each in read)
    again = _asked_again(work, of)
    return {
        item_id: build(
            Facts(
                heard[root],
                understood.get(root),
                handed_over.get(root, ()),
                decided.get(root, ()),
                changed.get(root, ()),
                told.get(root, ()),
                again.get(root),
            )
        )
        for item_id, root in roots.items()
        if root in heard
    }


def _understood(work: Work, of: dict[int, int]) -> dict[int, Understood]:
    found = work.session.execute(
        select(Classification, User.display_name)
        .outerjoin(User, BY_A_PERSON + User.username == Classification.model_version)
        .where(Classification.item_id.in_(of), Classification.current)
        .order_by(Classification.item_id)
    )
    return {
        of[row.item_id]: Understood(row.primary, row.classified_at, row.topic or "", by or "", sure=not row.abstained)
        for row, by in found
    }


def _handed_over(work: Work, of: dict[int, int]) -> dict[int, tuple[HandedOver, ...]]:
    """Hand-overs that were not taken back, with what came of them."""
    to, back = aliased(User), aliased(User)
    found = work.session.execute(
        select(Distribution, User.display_name, to.display_name, back.display_name)
        .outerjoin(User, User.id == Distribution.user_id)
        .outerjoin(to, to.id == Distribution.to_user_id)
        .outerjoin(back, back.id == Distribution.ended_by)
        .where(Distribution.item_id.in_(of), Distribution.status != DistributionStatus.WITHDRAWN)
        .order_by(Distribution.id)
    )
    return _by_root(
        (
            of[row.item_id],
            HandedOver(
                taker or row.group_key or row.process_key.replace("_", " "), row.at, row.note, by or "",
                row.ended_at, ended or "", row.result,
            ),
        )
        for row, by, taker, ended in found
    )  # fmt: skip


def _decided(work: Work, of: dict[int, int]) -> dict[int, tuple[Decided, ...]]:
    found = work.session.execute(
        select(Decision, User.display_name)
        .outerjoin(User, User.id == Decision.user_id)
        .where(Decision.item_id.in_(of))
        .order_by(Decision.id)
    )
    return _by_root(
        (of[row.item_id], Decided(DecisionKind(row.decision), row.reason, row.at, by or "")) for row, by in found
    )


def _told(work: Work, of: dict[int, int]) -> dict[int, tuple[Told, ...]]:
    """What left, or what somebody said that it was said; words that were only kept told nobody anything.

    An update of an incident goes out once to each person, in answer to one of their items; it was told about all of
    their items that are linked to it and had come in by then.
    """
    told = (
        select(Reply.item_id, Reply.id.label("reply_id"))
        .where(Reply.item_id.in_(of), Reply.sent_at.is_not(None))
        .union(_told_by_updates(of))
        .subquery()
    )
    found = work.session.execute(
        select(told.c.item_id, Reply, User.display_name)
        .join(Reply, Reply.id == told.c.reply_id)
        .join(User, User.id == Reply.author_user_id)
        .order_by(Reply.id)
    )
    return _by_root(
        (of[item_id], Told(by, row.text, row.channel, row.sent_at or row.approved_at)) for item_id, row, by in found
    )


def _told_by_updates(of: dict[int, int]) -> Select[int, int]:
    """(item, reply) of updates that reached the author of a linked item as an answer to another of their items."""
    other = aliased(FeedbackItem)
    return (
        select(FeedbackItem.id, Reply.id)
        .join(IncidentItem, (IncidentItem.item_id == FeedbackItem.id) & IncidentItem.removed_at.is_(None))
        .join(IncidentUpdate, IncidentUpdate.incident_id == IncidentItem.incident_id)
        .join(IncidentTold, IncidentTold.update_id == IncidentUpdate.id)
        .join(Reply, Reply.id == IncidentTold.reply_id)
        .join(other, (other.id == Reply.item_id) & (other.customer_id == FeedbackItem.customer_id))
        .where(FeedbackItem.id.in_(of), Reply.sent_at >= FeedbackItem.received_at)
    )


def _changed(work: Work, of: dict[int, int]) -> dict[int, tuple[Changed, ...]]:
    entry = (
        select(BoardEntry.improvement_id.label("of"), func.max(BoardEntry.did).label("did"))
        .where(BoardEntry.published_at.is_not(None), BoardEntry.withdrawn_at.is_(None))
        .group_by(BoardEntry.improvement_id)
        .subquery()
    )
    found = work.session.execute(
        select(ImprovementVoice.item_id, Improvement, ProcessDefinition.name, ProcessVersion.number, entry.c.did)
        .join(Improvement, Improvement.id == ImprovementVoice.improvement_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == Improvement.definition_key)
        .outerjoin(ProcessVersion, ProcessVersion.id == Improvement.version_id)
        .outerjoin(entry, entry.c.of == Improvement.id)
        .where(ImprovementVoice.item_id.in_(of), Improvement.status == ImprovementStatus.CONCLUDED)
        .order_by(Improvement.id)
    )
    return _by_root(
        (
            of[item_id],
            Changed(
                row.title, row.definition_key, name or row.definition_key, row.status_at or row.created_at, number,
                row.status_reason, did or "",
            ),
        )
        for item_id, row, name, number, did in found
    )  # fmt: skip


def _asked_again(work: Work, of: dict[int, int]) -> dict[int, datetime]:
    """When a customer last said on their private page that it is not solved, while nobody decided on those words."""
    roots = set(of.values())
    found = work.session.execute(
        select(FeedbackItem.extra, FeedbackItem.received_at)
        .where(
            FeedbackItem.conversation_id.in_(select(FeedbackItem.conversation_id).where(FeedbackItem.id.in_(roots))),
            FeedbackItem.source == "portal",
            FeedbackItem.current,
            FeedbackItem.decision.is_(None),
        )
        .order_by(FeedbackItem.id)
    )
    asked = ((extra.get("portal") or {}, at) for extra, at in found)
    return {told["about"]: at for told, at in asked if told.get("wish") == NOT_SOLVED and told.get("about") in roots}


def _by_root(pairs: Any) -> dict[int, tuple[Any, ...]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for root, part in pairs:
        found[root].append(part)
    return {root: tuple(parts) for root, parts in found.items()}


def read_names(work: Work) -> Names:
    """Every name of ours that a reason may hold, and which of them customers may read."""
    groups = work.session.execute(select(Group.key, Group.name)).all()
    processes = work.session.execute(select(ProcessDefinition.key, ProcessDefinition.name)).all()
    return Names(
        {(row.kind, row.key): row.words for row in list_published_names(work)},
        {name: key for key, title in groups for name in (key, title)},
        {name: key for key, title in processes for name in (key, title)},
    )


def list_published_names(work: Work) -> list[PublishedName]:
    """Names of ours that customers may read, with the words for them."""
    return list(work.session.scalars(select(PublishedName).order_by(PublishedName.kind, PublishedName.key)))


def publish_name(work: Work, kind: str, key: str, words: str) -> None:
    """Let customers read `words` where a group, a process or a topic of ours is meant; empty words take it back."""
    if kind not in set(NameKind) or not key.strip():
        raise InvalidInputError(_("Say whose name it is."), remedy=_("Choose a group, a process or a topic."))
    row = work.session.scalar(select(PublishedName).where(PublishedName.kind == kind, PublishedName.key == key.strip()))
    thing = audit.Thing("published name", f"{kind} {key}", f"{kind} {key}")
    before, after = {"words": row.words if row else None}, {"words": words.strip() or None}
    audit.record(work, "name.publish" if words.strip() else "name.withdraw", thing, before=before, after=after)
    if not words.strip():
        if row is not None:
            work.session.delete(row)
        return
    if row is None:
        row = PublishedName(kind=NameKind(kind), key=key.strip()[:200], words="", published_at=work.now())
        work.session.add(row)
    row.words, row.published_by, row.published_at = words.strip()[:200], work.actor.user_id, work.now()
