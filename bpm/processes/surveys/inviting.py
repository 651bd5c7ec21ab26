"""Invites by mail: each closed matter is drawn once, asked at a sane moment, reminded once.

1. A matter is a closed episode whose items are all decided. 2. The draw is written before anything is sent, one row
an episode, so that no crash asks twice: the mail's key is the invitation's id. 3. An incident or the night put it off;
what holds for good is written down and ends it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import exists, func, select

from bpm import mail
from bpm.feedback.models import (
    Consent,
    ContactPoint,
    Customer,
    Episode,
    FeedbackItem,
    Incident,
    SurveyInvitation,
)
from bpm.feedback.outbound import labelled
from bpm.feedback.outbound.gate import next_allowed
from bpm.feedback.outbound.gathering import quiet_for, zones_of
from bpm.feedback.portal.keys import hash_of, keyring, word_of
from bpm.feedback.status import OPEN_INCIDENTS, ContactKind, Voice
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes.surveys.chance import draw
from bpm.processes.surveys.limits import Circumstances, why_not, why_wait

KIND = "survey"
FRESH = timedelta(days=7)
"""A matter that was closed longer ago is not asked about."""
REMIND_AFTER = timedelta(days=4)
PUT_OFF = timedelta(hours=1)
AT_ONCE = 50


def sweep_surveys(unit_of_work: Transactions) -> int:
    """Draw, ask and remind some; gives how many. Nothing while surveys are off."""
    with unit_of_work.reading() as work:
        if not work.settings.surveys:
            return 0
        closed, due, late = _closed(work), _due(work), _late(work)
    done = 0
    for episode_id in closed:
        with unit_of_work() as work:
            done += _draw(work, episode_id)
    for invitation_id in [*due, *late]:
        with unit_of_work() as work:
            done += _ask(work, invitation_id)
    return done


def _closed(work: Work) -> Sequence[int]:
    undecided = exists().where(
        FeedbackItem.episode_id == Episode.id, FeedbackItem.current, FeedbackItem.decision.is_(None)
    )
    drawn = exists().where(SurveyInvitation.episode_id == Episode.id)
    query = (
        select(Episode.id)
        .where(Episode.closed_at > work.now() - FRESH, ~undecided, ~drawn)
        .where(exists().where(FeedbackItem.episode_id == Episode.id, FeedbackItem.customer_id.is_not(None)))
    )
    return work.session.scalars(query.order_by(Episode.closed_at).limit(AT_ONCE)).all()


def _due(work: Work) -> Sequence[int]:
    row = SurveyInvitation
    waiting = (row.sent_at.is_(None), row.stopped_because == "", row.arm == "asked", row.due_at <= work.now())
    return work.session.scalars(select(row.id).where(*waiting).order_by(row.due_at).limit(AT_ONCE)).all()


def _late(work: Work) -> Sequence[int]:
    row = SurveyInvitation
    query = select(row.id).where(
        row.sent_at <= work.now() - REMIND_AFTER,
        row.reminded_at.is_(None),
        row.answered_at.is_(None),
        row.stopped_because == "",
        row.due_at <= work.now(),
    )
    return work.session.scalars(query.order_by(row.sent_at).limit(AT_ONCE)).all()


def _draw(work: Work, episode_id: int) -> int:
    """Write down whether and when the matter is asked about; 0 where there is nobody to ask by mail."""
    found = work.session.execute(
        select(FeedbackItem, ContactPoint.id, Episode.closed_at)
        .join(Episode, Episode.id == FeedbackItem.episode_id)
        .join(ContactPoint, ContactPoint.customer_id == FeedbackItem.customer_id)
        .where(
            FeedbackItem.episode_id == episode_id,
            FeedbackItem.current,
            FeedbackItem.voice == Voice.CUSTOMER,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.ended_at.is_(None),
        )
        .order_by(FeedbackItem.placed_at.desc(), ContactPoint.id)
        .limit(1)
    ).one_or_none()
    if found is None or found[0].customer_id is None:
        return 0
    item, point_id, closed_at = found
    settings, keys, salt = work.settings, keyring(work), token_hex(16)
    asked, hours = draw(str(item.source), episode_id, share=settings.survey_share, hours=settings.survey_hours)
    row = SurveyInvitation(
        episode_id=episode_id, item_id=item.first_id or item.id, customer_id=item.customer_id, point_id=point_id,
        arm="asked" if asked else "left_out", delay_hours=hours, salt=salt,
        due_at=(closed_at or work.now()) + timedelta(hours=hours),
        key_id=keys.current, token_hash=hash_of(word_of(work, salt=salt, key_id=keys.current)),
    )  # fmt: skip
    work.session.add(row)
    return 1


def _ask(work: Work, invitation_id: int) -> int:
    """Ask or remind, put it off, or write down why not; 1 when something was done."""
    row = work.session.get_one(SurveyInvitation, invitation_id)
    point = work.session.get_one(ContactPoint, row.point_id)
    known = _circumstances(work, row, point)
    if row.sent_at is None and (problem := why_not(known, days=work.settings.survey_days)):
        row.stopped_because = problem
        return 1
    if row.sent_at is not None and (known.has_opted_out or known.is_gone or known.has_open_matter):
        row.stopped_because = why_not(known, days=0)
        return 1
    if why_wait(known):
        row.due_at = max(known.awake_at or work.now(), work.now() + PUT_OFF)
        return 1
    again = row.sent_at is not None
    _send(work, row, point.value, again=again)
    if again:
        row.reminded_at = work.now()
    else:
        row.sent_at = work.now()
    return 1


def _circumstances(work: Work, row: SurveyInvitation, point: ContactPoint) -> Circumstances:
    customer = work.session.get_one(Customer, row.customer_id)
    item = work.session.get_one(FeedbackItem, row.item_id)
    quiet, _because = quiet_for(work, item)
    whose = {row.customer_id, customer.merged_into_id or row.customer_id, point.customer_id}
    return Circumstances(
        now=work.now(),
        last_asked_at=_last_asked(work, row, whose),
        has_opted_out=has_opted_out(work, point.id),
        is_gone=customer.erased_at is not None or point.ended_at is not None or item.erased_at is not None,
        has_open_matter=_has_open_matter(work, row, whose),
        is_incident_open=_is_incident_open(work),
        awake_at=next_allowed(work.now(), zones_of(work, item), quiet),
    )


def _last_asked(work: Work, row: SurveyInvitation, whose: set[int]) -> datetime | None:
    asked = select(func.max(SurveyInvitation.sent_at)).where(
        SurveyInvitation.id != row.id,
        SurveyInvitation.customer_id.in_(whose) | (SurveyInvitation.point_id == row.point_id),
    )
    return work.session.scalar(asked)


def has_opted_out(work: Work, point_id: int) -> bool:
    """Whether they took back, or never gave, that this address is used for surveys: the newest word counts."""
    newest = (
        select(Consent.withdrawn_at)
        .where(Consent.contact_point_id == point_id, Consent.purpose == "survey")
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return work.session.scalar(newest) is not None


def _has_open_matter(work: Work, row: SurveyInvitation, whose: set[int]) -> bool:
    waiting = exists().where(FeedbackItem.customer_id.in_(whose), FeedbackItem.current, FeedbackItem.decision.is_(None))
    return bool(work.session.scalar(select(waiting)))


def _is_incident_open(work: Work) -> bool:
    return bool(work.session.scalar(select(exists().where(Incident.status.in_(sorted(OPEN_INCIDENTS))))))


def _send(work: Work, row: SurveyInvitation, address: str, *, again: bool) -> None:
    place = f"/my/survey/{word_of(work, salt=row.salt, key_id=row.key_id)}"
    link = mail.public_link(work.settings, place)
    text = _(
        "You wrote to us, and we closed the matter. How was it?\n\n%(link)s\n\n"
        "One question in your own words, and one number. It takes a minute.\n"
        "You do not want to be asked? One click: %(stop)s"
    )
    remind = _("We asked once before; this is the only reminder.")
    words = text % {"link": link, "stop": f"{link}/stop"} + (f"\n{remind}" if again else "")
    mail.queue(
        work, to=address, subject=_("How was it?"), text=labelled(KIND, words), kind=KIND,
        key=f"{KIND} {row.id}{' again' if again else ''}", unsubscribe_url=f"{link}/stop",
    )  # fmt: skip
