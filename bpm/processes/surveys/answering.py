"""The answer to a survey comes in as an item, beside its question, on the activity of the case that it is about."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from bpm import audit
from bpm.feedback.intake.receive import receive
from bpm.feedback.models import Consent, ContactPoint, FeedbackItem, SurveyInvitation
from bpm.feedback.portal.keys import hash_of
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Channel
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind

QUESTION = _("How was it, from the moment you told us until it was settled?")
SCALE = ((1, _("very hard")), (2, ""), (3, _("neither")), (4, ""), (5, _("very easy")))
"""Neutral: both ends are named alike and the middle is the middle; the number comes after the words."""
GOOD_FROM = 4
SOURCE = "survey"
LONGEST = 5_000


@dataclass(frozen=True)
class Invitation:
    """An invitation that holds."""

    id: int
    item_id: int
    is_answered: bool
    has_stopped: bool


@dataclass(frozen=True)
class Answer:
    """Words first; the number may be left out, and so may the words where there is a number."""

    text: str
    number: int | None = None


@dataclass(frozen=True)
class Thanks:
    """What follows an answer: `may_share` only after a good end, with nothing of theirs left open."""

    item_id: int
    may_share: bool


def find_invitation(work: Work, token: str) -> Invitation:
    """The invitation with that word; NotFoundError when there is none that was sent."""
    row = _row(work, token)
    return Invitation(row.id, row.item_id, row.answered_at is not None, row.stopped_because == "opted out")


def _row(work: Work, token: str, *, held: bool = False) -> SurveyInvitation:
    """The row of an invitation that was sent; `held`: nobody else answers it until the transaction ends."""
    query = select(SurveyInvitation).where(SurveyInvitation.token_hash == hash_of(token))
    row = work.session.scalar(query.with_for_update().execution_options(populate_existing=True) if held else query)
    if row is None or row.sent_at is None:
        raise NotFoundError(_("There is no such question."), remedy=_("Look at the mail again."))
    return row


def answer(work: Work, token: str, given: Answer) -> Thanks:
    """Take an answer in, once, from however many tabs. InvalidInputError with `fields`, ConflictError when it was
    answered."""
    row = _row(work, token, held=True)
    if row.answered_at is not None:
        raise ConflictError(_("You answered already. Thank you."), remedy=_("Nothing was changed."))
    words = given.text.replace("\x00", "").strip()
    if not words and given.number is None:
        problem = _("Write something, or choose a number.")
        raise InvalidInputError(problem, remedy=problem, fields={"text": problem})
    if len(words) > LONGEST or (given.number is not None and given.number not in dict(SCALE)):
        problem = _("At most 5,000 characters and a number of the scale, please.")
        raise InvalidInputError(problem, remedy=problem, fields={"text": problem})
    item = _take(work, row, words or str(given.number), given.number)
    row.answered_at, row.answer_item_id = work.now(), item.id
    _attribute(work, row.item_id, item)
    thing = audit.Thing("feedback", item.id, f"Feedback {item.id}", f"feedback {item.id}")
    audit.record(work, "survey.answer", thing, after={"number": given.number, "words": bool(words)})
    good = given.number is not None and given.number >= GOOD_FROM
    return Thanks(item.id, good and not _has_open(work, row.customer_id, but=item.id))


def _take(work: Work, row: SurveyInvitation, words: str, number: int | None) -> FeedbackItem:
    point = work.session.get_one(ContactPoint, row.point_id)
    about = work.session.get_one(FeedbackItem, row.item_id)
    raw = RawItem(
        channel=Channel.SURVEY, source=SOURCE, text=words, natural_key=f"survey {row.id}", said_at=work.now(),
        question=QUESTION, rating=float(number) if number is not None else None, author_email=point.value,
        extra={"survey": {"about": row.item_id, "number": number, "scale": "1-5"}},
        raw={"text": words, "number": number},
    )  # fmt: skip
    item = work.session.get_one(FeedbackItem, receive(work, raw).item_id)
    item.extra = {**item.extra, "survey": {**item.extra["survey"], "channel_before": about.channel}}
    work.session.flush()
    return item


def _attribute(work: Work, about: int, item: FeedbackItem) -> None:
    """The answer stands in the case that it is about, as something said in it or after it; else where a hand put it."""
    evidence = _("The survey asked about what is linked here.")
    for link in attribution.current_links(work, about):
        if link.kind == LinkKind.SUGGESTED:
            continue
        if link.instance_id is not None:
            attribution.record(work, item, instance_id=link.instance_id, evidence=evidence)
            continue
        work.session.add(
            Attribution(
                item_id=item.id, definition_key=link.definition_key, version_id=link.version_id, instance_id=None,
                element=link.element, kind=LinkKind.SAID_AFTER, method=AttributionMethod.RECORDED, confidence=1.0,
                evidence=evidence, author="system", valid_from=work.now(),
            )
        )  # fmt: skip


def _has_open(work: Work, customer_id: int, *, but: int) -> bool:
    waiting = exists().where(
        FeedbackItem.customer_id == customer_id,
        FeedbackItem.current,
        FeedbackItem.decision.is_(None),
        FeedbackItem.id != but,
    )
    return bool(work.session.scalar(select(waiting)))


def stop_asking(work: Work, token: str) -> None:
    """They do not want to be asked at this address again (RFC 8058: one click); a second time changes nothing."""
    row = _row(work, token)
    standing = work.session.scalar(
        select(Consent).where(Consent.contact_point_id == row.point_id, Consent.purpose == "survey")
        .order_by(Consent.id.desc()).limit(1)
    )  # fmt: skip
    if standing is None or standing.withdrawn_at is None:
        if standing is None:
            standing = Consent(
                contact_point_id=row.point_id, purpose="survey", channel=Channel.EMAIL, given_at=row.sent_at,
                given_by="was asked after a matter was closed",
            )  # fmt: skip
            work.session.add(standing)
        standing.withdrawn_at = work.now()
        thing = audit.Thing("customer", row.customer_id, f"Customer {row.customer_id}")
        audit.record(work, "survey.opt_out", thing, before={"survey": True}, after={"survey": False})
    if row.answered_at is None:
        row.stopped_because = "opted out"
