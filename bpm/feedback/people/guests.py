"""An expert from anywhere in the company is pulled into one conversation: reads, comments, perhaps answers there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from bpm import audit, identity, notices
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Conversation, ConversationNote
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, Scope, ScopeKind, actor_of, demand, get_user, may
from bpm.identity.access_models import AccessGrant
from bpm.identity.models import Group, User

READS, ANSWERS = "guest", "answering_guest"
"""Roles of who reads and comments, and of who may speak with the customer, too."""
STAYS = timedelta(days=14)
"""How long a guest may look in, unless it is said otherwise; it can be taken back at any time."""
LONGEST = 10_000
"""Characters of a note."""
MOST_NOTES = 500


@dataclass(frozen=True)
class Guest:
    """Somebody who sees this conversation, and until when."""

    user_id: int
    name: str
    until: datetime | None
    answers: bool
    """Whether they may speak with the customer, too."""


@dataclass(frozen=True)
class Note:
    """What a colleague said about a conversation."""

    id: int
    who: str
    at: datetime
    text: str


def invite_guest(
    work: Work, item_id: int, user_id: int, *, why: str = "", stays: timedelta = STAYS, answers: bool = False
) -> None:
    """Let a colleague see the conversation of the item, or with `answers` speak with its customer, too.

    Who reads it as a guest may be let answer later; ConflictError where they may all that anyway.
    """
    demand(work.actor, Permission.ANSWER)
    item, person = get_current(work, item_id), get_user(work, user_id)
    if item.conversation_id is None:
        raise ConflictError(_("The item is in no conversation yet."), remedy=_("Try again in a moment."))
    if not person.active:
        raise InvalidInputError(_("This person does not sign in any more."), remedy=_("Choose somebody else."))
    wanted = Permission.ANSWER if answers else Permission.SEE_FEEDBACK
    before = _grant_of(work, item.conversation_id, user_id)
    if may(actor_of(person), wanted) or (before is not None and (before.role == ANSWERS or not answers)):
        told = _("%(name)s sees it already.") % {"name": person.display_name}
        raise ConflictError(told, remedy=_("Write to them."))
    if before is not None:
        work.session.delete(before)
        work.session.flush()
    scope, role = Scope(ScopeKind.CONVERSATION, str(item.conversation_id)), ANSWERS if answers else READS
    identity.grant(work, identity.Holder(user_id=user_id), role, scope=scope, expires_at=work.now() + stays)
    after = {"guest": person.display_name, "answers": answers, "why": why.strip()[:600]}
    audit.record(work, "conversation.invite", feedback_item(item.id), before={"guest": None}, after=after)
    words = {"who": work.actor.display_name, "why": f": {why.strip()}" if why.strip() else ""}
    notices.raise_for(
        work, [user_id], "mentioned", _("%(who)s asks for your word in a conversation%(why)s") % words,
        f"/conversations/{item.conversation_id}", about=("conversation", item.conversation_id),
        key=f"guest:{item.conversation_id}",
    )  # fmt: skip


def dismiss_guest(work: Work, conversation_id: int, user_id: int) -> None:
    """From now on they see it no more; NotFoundError where they are no guest of it."""
    demand(work.actor, Permission.ANSWER)
    row = _grant_of(work, conversation_id, user_id)
    if row is None:
        raise NotFoundError(_("There is no such guest."))
    name = get_user(work, user_id).display_name
    work.session.delete(row)
    work.session.flush()
    thing = audit.Thing("conversation", conversation_id, f"Conversation {conversation_id}")
    audit.record(work, "conversation.dismiss", thing, before={"guest": name}, after={"guest": None})


def guests_of(work: Work, conversation_id: int) -> tuple[Guest, ...]:
    """Who sees it as a guest now."""
    rows = work.session.execute(
        select(AccessGrant.user_id, User.display_name, AccessGrant.expires_at, AccessGrant.role)
        .join(User, User.id == AccessGrant.user_id)
        .where(
            AccessGrant.role.in_((READS, ANSWERS)),
            AccessGrant.scope_kind == str(ScopeKind.CONVERSATION),
            AccessGrant.scope_key == str(conversation_id),
        )
        .order_by(AccessGrant.id)
    )
    return tuple(
        Guest(row.user_id, row.display_name, row.expires_at, row.role == ANSWERS)
        for row in rows
        if row.expires_at is None or row.expires_at > work.now()
    )


def here(conversation_id: int) -> Scope:
    """The conversation as what a right may be limited to."""
    return Scope(ScopeKind.CONVERSATION, str(conversation_id))


def hosts_of(work: Work, scope: Scope) -> set[int]:
    """Ids of those who let the actor in there, alone or with their groups."""
    groups = select(Group.id).where(Group.key.in_(work.actor.groups))
    rows = work.session.execute(
        select(AccessGrant.granted_by, AccessGrant.expires_at).where(
            AccessGrant.scope_kind == str(scope.kind),
            AccessGrant.scope_key == scope.key,
            or_(AccessGrant.user_id == work.actor.user_id, AccessGrant.group_id.in_(groups)),
        )
    )
    return {
        row.granted_by
        for row in rows
        if row.granted_by is not None and (row.expires_at is None or row.expires_at > work.now())
    }


def demand_seen(work: Work, conversation_id: int, *, scope: Scope | None = None) -> None:
    """NotFoundError unless the actor reads all feedback, or is a guest of this very conversation.

    `scope`: what else lets them in, as the case whose words stand there.
    """
    there = work.session.scalar(select(Conversation.id).where(Conversation.id == conversation_id))
    if there is None or not may(work.actor, Permission.SEE_FEEDBACK, on=scope or here(conversation_id)):
        raise NotFoundError(_("There is no such conversation, or it is not for you."))


def write_note(work: Work, conversation_id: int, text: str, *, scope: Scope | None = None) -> ConversationNote:
    """Say something about a conversation to colleagues; whoever sees it may. Who invited the author is told."""
    demand_seen(work, conversation_id, scope=scope)
    words = text.replace("\x00", "").strip()
    if not words or len(words) > LONGEST or work.actor.user_id is None:
        say = _("Write what you want to say, in %(most)s characters at most.") % {"most": LONGEST}
        raise InvalidInputError(_("Nothing was kept."), remedy=say, fields={"text": say})
    row = ConversationNote(conversation_id=conversation_id, author_id=work.actor.user_id, text=words, at=work.now())
    work.session.add(row)
    work.session.flush()
    thing = audit.Thing("conversation", conversation_id, f"Conversation {conversation_id}")
    audit.record(work, "conversation.note", thing, before={"note": None}, after={"note": words})
    hosts = hosts_of(work, scope or here(conversation_id))
    if hosts:
        told = _("%(who)s wrote in a conversation: %(text)s") % {"who": work.actor.display_name, "text": words}
        notices.raise_for(
            work, hosts, "mentioned", told, f"/conversations/{conversation_id}",
            about=("conversation", conversation_id), key=f"note:{row.id}",
        )  # fmt: skip
    work.nudge("feedback")
    return row


def notes_of(work: Work, conversation_id: int) -> tuple[Note, ...]:
    """What colleagues said about it, oldest first."""
    rows = work.session.execute(
        select(ConversationNote, User.display_name)
        .join(User, User.id == ConversationNote.author_id)
        .where(ConversationNote.conversation_id == conversation_id)
        .order_by(ConversationNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    return tuple(Note(row.id, name, row.at, row.text) for row, name in reversed(rows))


def _grant_of(work: Work, conversation_id: int, user_id: int) -> AccessGrant | None:
    query = select(AccessGrant).where(
        AccessGrant.user_id == user_id,
        AccessGrant.role.in_((READS, ANSWERS)),
        AccessGrant.scope_kind == str(ScopeKind.CONVERSATION),
        AccessGrant.scope_key == str(conversation_id),
    )
    rows = work.session.scalars(query.order_by(AccessGrant.id.desc()))
    return next((row for row in rows if row.expires_at is None or row.expires_at > work.now()), None)
