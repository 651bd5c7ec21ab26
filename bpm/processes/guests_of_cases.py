"""Who is a guest of a case reads the conversation in which its words stand, as far as their role goes."""

from bpm.feedback.models import FeedbackItem
from bpm.feedback.people.guests import here
from bpm.foundation.work import Work
from bpm.identity import Scope, ScopeKind
from bpm.processes.queries import find_item_of_instance


def scope_of(work: Work, conversation_id: int) -> Scope:
    """What the actor is a guest of there: a case whose customer speaks in the conversation, else the conversation."""
    own = here(conversation_id)
    if any((kind, key) == (str(own.kind), own.key) for _right, kind, key in work.actor.scoped):
        return own
    cases = sorted({key for _right, kind, key in work.actor.scoped if kind == str(ScopeKind.CASE) and key.isdecimal()})
    return next(
        (Scope(ScopeKind.CASE, key) for key in cases if conversation_of(work, int(key)) == conversation_id), own
    )


def conversation_of(work: Work, instance_id: int) -> int | None:
    """The conversation in which the words that set a case off stand."""
    item_id = find_item_of_instance(work, instance_id)
    item = work.session.get(FeedbackItem, item_id) if item_id is not None else None
    return item.conversation_id if item is not None else None
