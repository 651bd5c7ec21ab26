"""Telling the people who spoke for an improvement: who was told, who was not and why, and a letter to each of these."""

import secrets
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.feedback.outbound import Letter
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, telling
from bpm.processes.improvements.telling import Hearer
from bpm.processes.models.register_lists import TellingStatus
from bpm.processes.status import ImprovementStatus
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint


@dataclass(frozen=True)
class TellingPage:
    """What improvements/telling.html shows; `warnings`: (code, words) of the gate's that a person has to confirm."""

    it: ImprovementDetail
    hearers: tuple[Hearer, ...]
    may_tell: bool
    text: str
    key: str
    letters: tuple[Letter, ...]
    warnings: tuple[tuple[str, str], ...]
    confirmed: frozenset[str]
    problem: str = ""

    @property
    def filled_in(self) -> str:
        return _("Filled in for each: {{name}}, {{author}}, {{subject}}. Each letter passes the gate by itself.")

    @property
    def told(self) -> int:
        return sum(each.status == TellingStatus.TOLD for each in self.hearers)


@blueprint.get("/<int:improvement_id>/telling")
@needs(Permission.SEE_FEEDBACK)
def telling_page(improvement_id: int) -> str:
    return render("improvements/telling.html", _page(improvement_id))


def _page(improvement_id: int, *, looked: bool = False, problem: str = "") -> TellingPage:
    it = improvements.get_improvement(work(), improvement_id)
    text = request.form.get("text", "").replace("\r\n", "\n").strip() or _draft(it)
    letters = tuple(telling.look_at_telling(work(), improvement_id, text)) if looked else ()
    told = {remark.code: remark.text for letter in letters for remark in letter.verdict.warnings}
    return TellingPage(
        it=it,
        hearers=telling.hearers_of(work(), improvement_id),
        may_tell=may(actor(), Permission.ANSWER) and it.row.status == ImprovementStatus.CONCLUDED,
        text=text,
        key=request.form.get("key") or secrets.token_urlsafe(12),
        letters=letters,
        warnings=tuple(told.items()),
        confirmed=frozenset(request.form.getlist("confirmed")),
        problem=problem,
    )


def _draft(it: ImprovementDetail) -> str:
    """How a letter may begin; whoever sends it writes the rest."""
    begins = _("Dear {{name}}, you told us about this, and something came of it: %(title)s. {{author}}")
    return begins % {"title": it.row.title}


@blueprint.post("/<int:improvement_id>/telling")
@needs(Permission.ANSWER)
def tell(improvement_id: int) -> Response | tuple[str, int] | str:
    """Look at each letter first; with `step` = send they go."""
    sent = request.form
    if sent.get("step") != "send":
        return render("improvements/telling.html", _page(improvement_id, looked=True))
    try:
        done = telling.tell(
            work(), improvement_id, sent.get("text", "").replace("\r\n", "\n"), key=sent.get("key", ""),
            confirmed=frozenset(sent.getlist("confirmed")),
        )  # fmt: skip
    except EarshotError as error:
        words = f"{error.message} {error.remedy}"
        return render("improvements/telling.html", _page(improvement_id, problem=words)), 400
    went = ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", done.told)
    stayed = ngettext("%(num)s stayed, with its reason.", "%(num)s stayed, each with its reason.", len(done.held_back))
    told = went % {"num": done.told}
    if not done.told and done.held_back:  # the words stay on the page
        problem = stayed % {"num": len(done.held_back)}
        return render("improvements/telling.html", _page(improvement_id, looked=True, problem=problem))
    say(f"{told} {stayed % {'num': len(done.held_back)}}" if done.held_back else told)
    return go("improvements.telling_page", improvement_id=improvement_id)
