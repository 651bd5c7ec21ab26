"""Ways round a disturbance that customers found: tried by a colleague, credited by consent, shared in an update."""

from collections.abc import Collection

from sqlalchemy import select, update

from bpm.feedback.incidents.records import get_incident, note, person, put_on_trail, under_way, words
from bpm.feedback.models import Consent, ContactPoint, FeedbackItem, Workaround
from bpm.feedback.status import WorkaroundStatus
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

PURPOSE = "public quote"
"""What somebody has to have agreed to before their name stands in an update."""


def add_workaround(work: Work, incident_id: int, item_id: int, text: str) -> Workaround:
    """A person marks what a customer found; nobody has tried it yet."""
    author = person(work)
    incident = under_way(work, incident_id)
    if work.session.get(FeedbackItem, item_id) is None:
        raise NotFoundError(_("There is no item %(id)s.") % {"id": item_id})
    row = Workaround(
        incident_id=incident_id,
        item_id=item_id,
        text=words(text, "text", _("Say how it is done.")),
        status=WorkaroundStatus.TOLD,
        added_by=author,
        added_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    note(work, incident, "workaround", _("A customer found a way round: %(text)s") % {"text": row.text})
    put_on_trail(work, "workaround", incident, before={"workaround": None}, after={"workaround": row.text})
    return row


def verify_workaround(work: Work, workaround_id: int, verdict: str = "") -> Workaround:
    """A colleague tried it, and it works."""
    return _decide(work, workaround_id, WorkaroundStatus.VERIFIED, verdict)


def refuse_workaround(work: Work, workaround_id: int, verdict: str) -> Workaround:
    """A colleague tried it, and it does not work or does harm; InvalidInputError without saying which."""
    return _decide(work, workaround_id, WorkaroundStatus.REFUSED, words(verdict, "verdict", _("Say what happened.")))


def _decide(work: Work, workaround_id: int, status: WorkaroundStatus, verdict: str) -> Workaround:
    row, who = _get(work, workaround_id), person(work)
    if row.shared_in is not None:
        raise ConflictError(_("It was passed on already."), remedy=_("Write an update that takes it back."))
    before = row.status
    row.status, row.verdict, row.decided_by, row.decided_at = status, verdict.strip(), who, work.now()
    incident = get_incident(work, row.incident_id)
    said = _("It works: %(text)s") if status is WorkaroundStatus.VERIFIED else _("It does not work: %(text)s")
    note(work, incident, "workaround", said % {"text": row.text})
    put_on_trail(work, "workaround", incident, before={"status": before}, after={"status": status})
    return row


def credit(work: Work, workaround_id: int, name: str) -> Workaround:
    """Thank whoever found it by name. An empty name takes the thanks back.

    ConflictError unless they agreed to be quoted in public (a consent of one of their addresses).
    """
    row = _get(work, workaround_id)
    person(work)
    name = " ".join(name.split())[:200]
    agreed = find_consent(work, row.item_id) if name else None
    if name and agreed is None:
        raise ConflictError(
            _("They did not agree to be named in public."),
            remedy=_("Ask them, and write the consent down at their address; or thank them without a name."),
        )
    row.credited_name, row.consent_id = name, agreed
    incident = get_incident(work, row.incident_id)
    note(work, incident, "credit", _("Credited to %(name)s") % {"name": name} if name else _("Credited without a name"))
    put_on_trail(work, "credit", incident, before={"credited": False}, after={"credited": bool(name)})
    return row


def find_consent(work: Work, item_id: int) -> int | None:
    """The consent by which who said the item may be named in public; None: there is none that stands."""
    return work.session.scalar(
        select(Consent.id)
        .join(ContactPoint, ContactPoint.id == Consent.contact_point_id)
        .join(FeedbackItem, FeedbackItem.customer_id == ContactPoint.customer_id)
        .where(FeedbackItem.id == item_id, Consent.purpose == PURPOSE, Consent.withdrawn_at.is_(None))
        .limit(1)
    )


def shared_words(work: Work, incident_id: int, workaround_ids: Collection[int]) -> list[str]:
    """A paragraph for each, with thanks; InvalidInputError for one that nobody verified, or of another incident."""
    rows = [_get(work, each) for each in sorted(set(workaround_ids))]
    for row in rows:
        if row.incident_id != incident_id or row.status is not WorkaroundStatus.VERIFIED:
            raise InvalidInputError(
                _("Only a workaround that was tried and works is passed on."),
                remedy=_("Verify it first."),
                fields={"workarounds": _("Verify it first.")},
            )
    return [_thanks(row, named=row.consent_id is not None and _stands(work, row.consent_id)) for row in rows]


def _thanks(row: Workaround, *, named: bool) -> str:
    found = _("What helps meanwhile: %(text)s") % {"text": row.text}
    if named and row.credited_name:
        return found + " " + _("Found by %(name)s. Thank you!") % {"name": row.credited_name}
    return found + " " + _("A customer found this. Thank you!")


def _stands(work: Work, consent_id: int) -> bool:
    return work.session.scalar(select(Consent.withdrawn_at).where(Consent.id == consent_id)) is None


def share_in(work: Work, update_id: int, workaround_ids: Collection[int]) -> None:
    """Keep in which update they were passed on."""
    if workaround_ids:
        work.session.execute(
            update(Workaround).where(Workaround.id.in_(workaround_ids)).values(shared_in=update_id)
        )  # fmt: skip


def _get(work: Work, workaround_id: int) -> Workaround:
    row = work.session.get(Workaround, workaround_id)
    if row is None:
        raise NotFoundError(_("There is no workaround %(id)s.") % {"id": workaround_id})
    return row
