"""The channel advisor: its table, changed in versions with a reason, and what it says beside an item."""

from dataclasses import dataclass
from time import monotonic

from flask import current_app, request
from werkzeug.wrappers import Response

from bpm.feedback.care import Complexity, Sensitivity
from bpm.feedback.triage import advising
from bpm.feedback.triage.advising import CHANNELS, REFERENCE, SOURCE, AdviceTable
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.inbox.blueprint import blueprint

READ_FOR = 30.0
"""Seconds after which the table is read again, though nothing was heard."""
_NEWS = frozenset({"advice"})


@dataclass(frozen=True)
class AdvicePage:
    """What inbox/advice.html shows."""

    table: AdviceTable
    versions: tuple[AdviceTable, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    channels: dict[str, str]
    reference: tuple[tuple[str, tuple[int | None, int | None, int | None]], ...]
    source: str
    may_change: bool
    problem: str = ""


def _page(problem: str = "") -> AdvicePage:
    versions = tuple(advising.advice_versions(work()))
    may_change = may(actor(), Permission.ANSWER)
    rows, columns = tuple(str(each) for each in Complexity), tuple(str(each) for each in Sensitivity)
    return AdvicePage(
        versions[0], versions, rows, columns, dict(CHANNELS), REFERENCE, SOURCE, may_change, problem
    )  # fmt: skip


@blueprint.get("/advice")
@needs(Permission.SEE_FEEDBACK)
def advice() -> str:
    return render("inbox/advice.html", _page())


@blueprint.post("/advice")
@needs(Permission.ANSWER)
def change_advice() -> Response | tuple[str, int]:
    sent, columns = request.form, [str(each) for each in Sensitivity]
    cells = {str(row): {each: sent.get(f"{row} {each}", "") for each in columns} for row in Complexity}
    try:
        number = advising.change_advice(work(), cells, reason=request.form.get("reason", ""))
    except InvalidInputError as error:
        return render("inbox/advice.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("Version %(number)s of the table counts from now on.") % {"number": number})
    return go("inbox.advice")


@blueprint.app_template_global("advised_channel")
def advised_channel(complexity: str | None, sensitivity: str | None) -> tuple[str, str, int]:
    """(channel, in words, version of the table); the table is read once for all pages until it changes."""
    mark = product().queue.wait(-1, timeout=0, topics=_NEWS)
    kept = current_app.extensions.get("channel advice")
    if kept is None or kept[0] != mark or monotonic() >= kept[1]:
        with product().unit_of_work.reading() as reading:
            kept = (mark, monotonic() + READ_FOR, advising.advice_table(reading))
        current_app.extensions["channel advice"] = kept
    table: AdviceTable = kept[2]
    channel = advising.advised(table.cells, complexity, sensitivity)
    return channel, CHANNELS.get(channel, ""), table.number
