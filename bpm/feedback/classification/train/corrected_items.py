"""What people corrected, as items to learn from."""

from sqlalchemy import select

from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification.train.evaluation import stance
from bpm.feedback.language import SURE
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work

WEIGHT = 5.0
"""A correction counts as much as this many shipped items: it is this company's own feedback."""


def corrections(work: Work) -> list[Labelled]:
    """Every current item that a person labelled, newest label only, in a stable order."""
    rows = work.session.execute(
        select(FeedbackItem, Classification)
        .join(Classification, Classification.item_id == FeedbackItem.id)
        .where(FeedbackItem.current, Classification.current, Classification.model_version.startswith("human:"))
        .order_by(FeedbackItem.id)
    )
    return [_lesson(item, said) for item, said in rows]


def _lesson(item: FeedbackItem, said: Classification) -> Labelled:
    others = sorted(kind for kind, chance in said.kinds.items() if chance >= 0.5 and kind != said.primary)
    return Labelled(
        text=item.text,
        channel=item.channel,
        source=item.source,
        rating=item.rating,
        question=item.question,
        language=item.language if item.language and (item.language_p or 0.0) >= SURE else None,
        kinds=(said.primary, *others),
        sentiment=stance(said.sentiment),
        urgency=said.urgency,
        topic=said.topic,
        weight=WEIGHT,
    )
