"""The list of promises: mine, my groups', all; those to be kept, those overdue, and what became of the others."""

from dataclasses import dataclass
from typing import cast

from flask import request

from bpm.feedback import promises
from bpm.feedback.promises import PromiseRow
from bpm.feedback.promises.listing import Whose
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.paging import SIZE, after
from web.core.rendering import Choice, here, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.promises.blueprint import blueprint

WHOSE = (("mine", _("Mine")), ("groups", _("My groups’")), ("all", _("All")))


@dataclass(frozen=True)
class PromisesPage:
    """What promises/promises.html shows."""

    rows: tuple[PromiseRow, ...]
    after: int | None
    whose: tuple[Choice, ...]
    states: tuple[Choice, ...]
    state: str
    may_answer: bool


@blueprint.get("", endpoint="promises")
@needs(Permission.SEE_FEEDBACK)
def show_list() -> str:
    asked = request.args.get("whose", "mine")
    whose = cast("Whose", asked if asked in dict(WHOSE) else "mine")
    state = request.args.get("state", "open")
    state = state if state in ("open", "overdue", "settled") else "open"
    page = promises.list_promises(
        work(), whose=whose, overdue=state == "overdue", settled=state == "settled", after=after(), limit=SIZE
    )
    to_keep, overdue = promises.count_promises(work(), whose)
    states = (
        Choice(_("To be kept"), here(state=None), state == "open", to_keep),
        Choice(_("Overdue"), here(state="overdue"), state == "overdue", overdue),
        Choice(_("Settled"), here(state="settled"), state == "settled"),
    )
    choices = tuple(Choice(label, here(whose=key if key != "mine" else None), key == whose) for key, label in WHOSE)
    page_of = PromisesPage(page.rows, page.after, choices, states, state, may(actor(), Permission.ANSWER))
    return render("promises/promises.html", page_of)
