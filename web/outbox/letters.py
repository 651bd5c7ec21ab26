"""Write once to many: one text, each person's own letter beside it, and what the gate says of each before any goes."""

import secrets
from dataclasses import dataclass

from flask import make_response, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import outbound
from bpm.feedback.outbound import Letter
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.outbox.blueprint import blueprint


@dataclass(frozen=True)
class WarningRow:
    """A warning of the gate's, and how many letters it is about."""

    code: str
    text: str
    letters: int


@dataclass(frozen=True)
class LettersPage:
    items: tuple[int, ...]
    text: str
    subject: str
    key: str
    looked: bool
    letters: tuple[Letter, ...]
    warnings: tuple[WarningRow, ...]
    confirmed: frozenset[str]
    error: str = ""

    @property
    def ready(self) -> int:
        """How many would go, once the warnings are confirmed."""
        return sum(each.verdict.is_open and not each.problem for each in self.letters)


@blueprint.get("/letters")
@needs(Permission.ANSWER)
def letters() -> str:
    """The form for the items of the address; nothing is written yet."""
    return render("outbox/letters.html", _page(work(), looked=False))


@blueprint.post("/letters/look")
@needs(Permission.ANSWER)
def look_at_letters() -> str:
    """Each person's letter, and what the gate says of it."""
    return render("outbox/letters.html", _page(work(), looked=True))


@blueprint.post("/letters")
@needs(Permission.ANSWER)
def send_letters() -> Response:
    """Send them; those that stay are named with their reason, and the page stays with them."""
    unit, sent = work(), request.form
    try:
        done = outbound.send_letters(
            unit, _items(), _text(), key=sent.get("key", ""), subject=sent.get("subject", ""), own=_own(),
            confirmed=frozenset(sent.getlist("confirmed")),
        )  # fmt: skip
    except InvalidInputError as error:
        return make_response(render("outbox/letters.html", _page(unit, looked=False, error=str(error))), 400)
    told = ngettext("%(num)s letter goes in ten seconds.", "%(num)s letters go in ten seconds.", len(done.messages))
    back = url_for("outbox.letters_back", message=done.messages) if done.messages else ""
    say(told % {"num": len(done.messages)}, undo=back)
    if not done.stayed:
        return go("outbox.messages")
    stayed = tuple(item for item, _why in done.stayed)
    page = _page(unit, looked=True, items=stayed, error=_("These stayed: look at what the gate says of each."))
    return make_response(render("outbox/letters.html", page))


@blueprint.post("/letters/back")
@needs(Permission.ANSWER)
def letters_back() -> Response:
    """Take back what has not left yet."""
    ids = [each for each in map(key_of, request.args.getlist("message")) if each is not None]
    count = outbound.take_letters_back(work(), ids)
    left = len(ids) - count
    told = ngettext("%(num)s letter is taken back.", "%(num)s letters are taken back.", count) % {"num": count}
    say(told + (" " + _("%(number)s had left already.") % {"number": left} if left else ""))
    return go("outbox.messages")


def _items() -> list[int]:
    return [each for each in map(key_of, request.values.getlist("item")) if each is not None]


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n").strip()


def _own() -> dict[int, str]:
    """Words that were changed for one person alone; as they were filled in they are no words of one's own."""
    found: dict[int, str] = {}
    for item_id in _items():
        written, filled = (request.form.get(f"{part}-{item_id}", "").replace("\r\n", "\n") for part in ("own", "was"))
        if written.strip() and written.strip() != filled.strip():
            found[item_id] = written.strip()
    return found


def _page(unit: Work, *, looked: bool, items: tuple[int, ...] = (), error: str = "") -> LettersPage:
    chosen, text, letters = items or tuple(_items()), _text(), []
    if not error or items:
        try:
            letters = outbound.look_at_letters(
                unit, chosen, text, subject=request.form.get("subject", ""), own=_own() if looked else {}
            )
        except InvalidInputError as problem:
            error = str(problem)
    told: dict[str, WarningRow] = {}
    for remark in (each for letter in letters for each in letter.verdict.warnings):
        known = told.get(remark.code)
        told[remark.code] = WarningRow(remark.code, remark.text, (known.letters if known else 0) + 1)
    return LettersPage(
        items=chosen,
        text=text,
        subject=request.form.get("subject", ""),
        key=request.form.get("key") or secrets.token_urlsafe(12),
        looked=looked and bool(text),
        letters=tuple(letters),
        warnings=tuple(told.values()) if looked else (),
        confirmed=frozenset(request.form.getlist("confirmed")),
        error=error,
    )
