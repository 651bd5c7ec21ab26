"""Forms on web sites: made, switched, answered; what looks like spam is held back for a person's look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select

from bpm import audit
from bpm.feedback.channels import Context
from bpm.feedback.intake.deliveries import WEB_FORM, run_of_day
from bpm.feedback.intake.receive import receive
from bpm.feedback.models import HeldAnswer, WebForm
from bpm.feedback.raw_item import CHANNELS, RawItem
from bpm.feedback.web_forms.suspicion import Answer, why_held
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

MOST_HELD = 1_000
"""Answers that wait for one form; beyond, the oldest make room, or a robot would fill the disk."""
LONGEST = {"text": 20_000, "name": 200, "email": 320, "page": 2_000, "case": 200}
"""Characters of what can be sent."""


@dataclass(frozen=True)
class FormRow:
    """One form; `held` counts the answers that wait."""

    id: int
    name: str
    key: str
    source: str
    channel: str
    question: str
    language: str
    sites: tuple[str, ...]
    active: bool
    held: int = 0

    def admits(self, origin: str) -> bool:
        """Whether pages of that origin may send answers."""
        return not self.sites or origin in self.sites


def make_form(work: Work, given: Mapping[str, str]) -> int:
    """Make a form; its id. InvalidInputError with `fields`."""
    values = {name: given.get(name, "").strip() for name in ("name", "channel", "question", "language", "sites")}
    sites = [site for line in values["sites"].split() if (site := origin_of(line))]
    problems = _problems(work, values, sites)
    if problems:
        raise InvalidInputError(
            _("The form cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    slug = re.sub(r"[^a-z0-9]+", "-", values["name"].lower()).strip("-")[:40]
    row = WebForm(
        name=values["name"],
        key=f"{slug or 'form'}-{token_hex(4)}",
        source=values["name"],
        channel=values["channel"] or "survey",
        question=values["question"],
        language=values["language"],
        sites=sites,
        created_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, "web_form.make", _thing(row), after={"sites": sites, "channel": row.channel})
    return row.id


def origin_of(written: str) -> str:
    """The origin of an address, as browsers send it; empty when it is none."""
    parts = urlsplit(written if "://" in written else f"https://{written}")
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def _problems(work: Work, values: Mapping[str, str], sites: list[str]) -> dict[str, str]:
    problems = {}
    if not values["name"] or len(values["name"]) > 120:
        problems["name"] = _("Give it a name of at most 120 characters.")
    elif work.session.scalar(select(WebForm.id).where(WebForm.name == values["name"])) is not None:
        problems["name"] = _("Another form has this name.")
    if not values["question"] or len(values["question"]) > 400:
        problems["question"] = _("Ask something, in at most 400 characters.")
    if values["channel"] and values["channel"] not in CHANNELS:
        problems["channel"] = _("Choose one of the list.")
    if values["language"] and not re.fullmatch(r"[a-z]{2}", values["language"]):
        problems["language"] = _("Write two letters, as en or de.")
    if len(sites) != len(values["sites"].split()) or len(sites) > 50:
        problems["sites"] = _("Write addresses as https://www.example.com, one a line.")
    return problems


def switch_form(work: Work, form_id: int, *, active: bool) -> None:
    """Take answers, or refuse them."""
    row = _get(work, form_id)
    audit.record(work, "web_form.switch", _thing(row), before={"on": row.active}, after={"on": active})
    row.active = active


def list_forms(work: Work) -> list[FormRow]:
    """All forms by name."""
    held = select(HeldAnswer.form_id, func.count()).group_by(HeldAnswer.form_id)
    waiting = {row[0]: row[1] for row in work.session.execute(held)}
    return [
        _row(each, waiting.get(each.id, 0)) for each in work.session.scalars(select(WebForm).order_by(WebForm.name))
    ]


def find_form(work: Work, key: str) -> FormRow:
    """The form behind an address; NotFoundError when there is none."""
    row = work.session.scalar(select(WebForm).where(WebForm.key == key))
    if row is None:
        raise NotFoundError(_("There is no such form."), remedy=_("Look at its address."))
    return _row(row, 0)


def receive_answer(work: Work, form: FormRow, answer: Answer, *, origin: str = "") -> bool:
    """Take an answer in; False when it is held back for a look. InvalidInputError with `fields`, ForbiddenError."""
    if not form.active:
        raise ForbiddenError(_("This form takes no answers at the moment."), remedy=_("Write to us another way."))
    if origin and not form.admits(origin):
        raise ForbiddenError(_("This form is not for that site."), remedy=_("Name the site at the form."))
    _check(answer)
    why = why_held(answer)
    if not why:
        _keep(work, form, answer)
        return True
    _hold(work, form.id, answer, why)
    return False


def _check(answer: Answer) -> None:
    if not answer.text.strip():
        raise InvalidInputError(
            _("Nothing is written yet."), remedy=_("Write something."), fields={"text": _("Write something.")}
        )
    long = [name for name, most in LONGEST.items() if len(getattr(answer, name)) > most]
    if long:
        raise InvalidInputError(
            _("It is too long."), remedy=_("Shorten it."), fields=dict.fromkeys(long, _("Shorten it."))
        )


def _keep(work: Work, form: FormRow, answer: Answer) -> int:
    """As an item of the form's run of the day; the same answer of the same opened form again is the same item."""
    told = {"page": answer.page, "case": answer.case}
    digest = sha256(answer.text.encode("utf-8", "replace")).hexdigest()[:16]
    raw: dict[str, Any] = {"text": answer.text, "name": answer.name, "email": answer.email, **told}
    item = RawItem(
        channel=form.channel,
        source=form.source,
        text=answer.text,
        natural_key=f"form {answer.key or token_hex(8)} {digest}",
        said_at=work.now(),
        question=form.question,
        author_name=answer.name,
        author_email=answer.email if "@" in answer.email else "",
        url=answer.page if answer.page.startswith(("https://", "http://")) else "",
        language=form.language or None,
        language_p=1.0 if form.language else None,
        extra={name: value for name, value in told.items() if value},
        raw={name: value for name, value in raw.items() if value},
    )
    run_id = run_of_day(work, f"form {form.key}", Context(form.channel, form.source), format_name=WEB_FORM)
    return receive(work, item, run_id=run_id).item_id


def _hold(work: Work, form_id: int, answer: Answer, why: str) -> None:
    kept = {name: getattr(answer, name) for name in (*LONGEST, "key")}
    work.session.add(HeldAnswer(form_id=form_id, answer=kept, why=why, received_at=work.now()))
    work.session.flush()
    beyond = select(HeldAnswer.id).where(HeldAnswer.form_id == form_id).order_by(HeldAnswer.id.desc()).offset(MOST_HELD)
    old = work.session.scalars(beyond.limit(100)).all()
    if old:
        work.session.execute(delete(HeldAnswer).where(HeldAnswer.id.in_(old)))


def list_held(work: Work, form_id: int, *, limit: int = 100) -> list[HeldAnswer]:
    """The answers that wait for a look, the newest first."""
    wanted = select(HeldAnswer).where(HeldAnswer.form_id == form_id).order_by(HeldAnswer.id.desc()).limit(limit)
    return list(work.session.scalars(wanted))


def take_held(work: Work, held_id: int) -> int:
    """Take an answer in all the same; the item's id."""
    held = _get_held(work, held_id)
    row = _get(work, held.form_id)
    told = {name: str(held.answer.get(name, "")) for name in (*LONGEST, "key")}
    answer = Answer(told["text"], told["name"], told["email"], told["page"], told["case"], told["key"])
    audit.record(work, "held_answer.take", audit.Thing("web_form", row.id, row.name))
    item_id = _keep(work, _row(row, 0), answer)
    work.session.delete(held)
    return item_id


def throw_away(work: Work, held_id: int) -> None:
    """Delete an answer that is spam."""
    held = _get_held(work, held_id)
    row = _get(work, held.form_id)
    audit.record(work, "held_answer.throw_away", audit.Thing("web_form", row.id, row.name))
    work.session.delete(held)


def _get(work: Work, form_id: int) -> WebForm:
    row = work.session.get(WebForm, form_id)
    if row is None:
        raise NotFoundError(_("There is no form %(id)s.") % {"id": form_id})
    return row


def _get_held(work: Work, held_id: int) -> HeldAnswer:
    held = work.session.get(HeldAnswer, held_id)
    if held is None:
        raise NotFoundError(_("This answer waits no more."), remedy=_("Somebody has looked at it."))
    return held


def _row(row: WebForm, held: int) -> FormRow:
    sites = tuple(str(each) for each in row.sites)
    return FormRow(
        row.id, row.name, row.key, row.source, row.channel, row.question, row.language, sites, row.active, held
    )


def _thing(row: WebForm) -> audit.Thing:
    return audit.Thing("web_form", row.id, row.name)
