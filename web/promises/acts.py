"""What a person does about promises: make, keep, withdraw, take over; each says so, with its way back."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import promises
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.promises.blueprint import blueprint
from web.promises.panel import Tick
from web.promises.ticks import ticks_of
from web.ui.task_dates import read_moment

Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class AgainPage:
    """What promises/again.html shows: a form that did not fit, as it was written."""

    action: str
    button: str
    written: dict[str, str]
    errors: dict[str, str]
    making: bool
    problem: str = ""


@dataclass(frozen=True)
class ProposalsPage:
    """What promises/_proposed.html shows."""

    ticks: tuple[Tick, ...]


@blueprint.post("")
@needs(Permission.ANSWER)
def make() -> Answer:
    """Fields `promise_text`, `until`, and to whom: `item_id`, `reply_id` or `customer_id`."""
    form = request.form
    try:
        made = promises.make_promise(
            work(), form.get("promise_text", ""), read_moment(form.get("until", "")),
            item_id=key_of(form.get("item_id", "")), reply_id=key_of(form.get("reply_id", "")),
            customer_id=key_of(form.get("customer_id", "")),
        )  # fmt: skip
    except InvalidInputError as error:
        return _again(url_for("promises.make"), _("Promise it"), error, making=True)
    closed = promises.closes_over(work(), made.until_at)
    say(
        _("Promised. Nobody works then by the company's calendar: you are told before people go home.")
        if closed else _("Promised. You are told before it is due.")
    )  # fmt: skip
    return go_back("promises.promises")


@blueprint.post("/<int:promise_id>/keeping")
@needs(Permission.ANSWER)
def keep(promise_id: int) -> Response:
    promises.keep_promise(work(), promise_id, request.form.get("note", ""))
    say(_("Kept."), undo=url_for("promises.reopen", promise_id=promise_id))
    return go_back("promises.promises")


@blueprint.post("/<int:promise_id>/withdrawal")
@needs(Permission.ANSWER)
def withdraw(promise_id: int) -> Answer:
    try:
        promises.withdraw_promise(work(), promise_id, request.form.get("note", ""))
    except InvalidInputError as error:
        action = url_for("promises.withdraw", promise_id=promise_id)
        return _again(action, _("Withdraw it"), error, making=False)
    say(_("Withdrawn."), undo=url_for("promises.reopen", promise_id=promise_id))
    return go_back("promises.promises")


@blueprint.post("/<int:promise_id>/reopening")
@needs(Permission.ANSWER)
def reopen(promise_id: int) -> Response:
    promises.reopen_promise(work(), promise_id)
    say(_("It is to be kept again."))
    return go_back("promises.promises")


@blueprint.post("/<int:promise_id>/taking")
@needs(Permission.ANSWER)
def take_over(promise_id: int) -> Response:
    promises.take_over_promise(work(), promise_id)
    say(_("It is yours to keep now."))
    return go_back("promises.promises")


@blueprint.post("/proposals")
@needs(Permission.ANSWER)
def propose() -> str:
    """What a reply that is being written promises; nothing is kept."""
    return render("promises/_proposed.html", ProposalsPage(ticks_of(request.form)))


def _again(action: str, button: str, error: InvalidInputError, *, making: bool) -> tuple[str, int]:
    written = {name: value for name, value in request.form.items() if name != "csrf_token"}
    problem = "" if error.fields else f"{error.message} {error.remedy}"
    return render("promises/again.html", AgainPage(action, button, written, error.fields, making, problem)), 400
