"""How complex each topic is to settle, as the company decided, and what that makes of items."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from bpm import audit
from bpm.feedback.care import Complexity, complexity_of, masked_in, sensitivity_of
from bpm.feedback.models import TopicComplexity
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

Decided = Mapping[str, tuple[str, str]]


def decided_complexities(work: Work) -> Decided:
    """Topic -> (complexity, reason) wherever somebody decided; the newest counts."""
    newest = select(func.max(TopicComplexity.id)).group_by(TopicComplexity.topic)
    rows = work.session.execute(
        select(TopicComplexity.topic, TopicComplexity.complexity, TopicComplexity.reason).where(
            TopicComplexity.id.in_(newest)
        )
    )
    return {topic: (complexity, reason) for topic, complexity, reason in rows}


def decide_complexity(work: Work, topic: str, *, complexity: str, reason: str) -> None:
    """From now on items of `topic` are as complex as said; those read before keep what they have.

    ForbiddenError unless a person acts; InvalidInputError for a level that is none, or without a reason.
    """
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can decide how complex a topic is."), remedy=_("Sign in."))
    levels = [each.value for each in Complexity]
    if complexity not in levels or not topic.strip() or not reason.strip():
        raise InvalidInputError(
            _("The complexity was not changed."),
            remedy=_("Name a topic, one of %(levels)s, and a reason.") % {"levels": ", ".join(levels)},
        )
    before = decided_complexities(work).get(topic, (complexity_of(topic).level.value, ""))
    work.session.add(
        TopicComplexity(
            topic=topic.strip(),
            complexity=complexity,
            reason=reason.strip(),
            user_id=work.actor.user_id,
            at=work.now(),
        )
    )
    thing = audit.Thing("feedback", "topic", topic.strip())
    after = {"complexity": complexity, "reason": reason.strip()}
    audit.record(work, "feedback.decide_complexity", thing, before={"complexity": before[0]}, after=after)


def care(text: str, topic: str | None, decided: Decided) -> dict[str, Any]:
    """The two columns of a classification that routing goes by; `text` is the masked one."""
    return {
        "complexity": complexity_of(topic, decided).level.value,
        "sensitivity": sensitivity_of(masked_in(text), topic).level.value,
    }
