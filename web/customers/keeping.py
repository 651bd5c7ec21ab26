"""How long private data is kept, by class and source: more at once, less after a time in which it can be stopped."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.feedback.models import DataRetention
from bpm.feedback.privacy.retention import MOST_DAYS, keep_for, list_rules
from bpm.feedback.queries import list_sources
from bpm.feedback.status import DataClass
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import Choice, go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.customers.blueprint import blueprint, tabs

CLASSES = {
    DataClass.RAW: _("Records as they were received"),
    DataClass.WORDS: _("Words, subjects and authors"),
    DataClass.CONTACTS: _("Addresses of customers who said nothing since"),
}


@dataclass(frozen=True)
class KeepingPage:
    """What customers/keeping.html shows."""

    rules: tuple[DataRetention, ...]
    classes: dict[str, str]
    sources: tuple[str, ...]
    tabs: tuple[Choice, ...]
    sent: dict[str, str]
    problem: str = ""


def _page(problem: str = "") -> KeepingPage:
    sent = {name: request.form.get(name, "") for name in ("data_class", "days", "source", "reason")}
    sources = tuple(row.source for row in list_sources(work()))
    classes = {kind.value: words for kind, words in CLASSES.items()}
    return KeepingPage(tuple(list_rules(work())), classes, sources, tabs("keeping"), sent, problem)


def _class() -> DataClass:
    kind = request.form.get("data_class", "")
    if kind not in list(DataClass):
        raise InvalidInputError(_("Choose what is to be kept."))
    return DataClass(kind)


def _days() -> int | None:
    written = request.form.get("days", "").strip()
    if written and not (written.isdecimal() and len(written) <= len(str(MOST_DAYS))):
        raise InvalidInputError(_("Give whole days from 1 to %(most)s.") % {"most": MOST_DAYS})
    return int(written) if written else None


@blueprint.get("/keeping")
@needs(Permission.RAW)
def keeping() -> str:
    return render("customers/keeping.html", _page())


@blueprint.post("/keeping")
@needs(Permission.RAW)
def keep() -> Response | tuple[str, int]:
    chosen = {"source": request.form.get("source", ""), "reason": request.form.get("reason", "")}
    try:
        rule = keep_for(work(), _class(), _days(), **chosen)
    except InvalidInputError as error:
        return render("customers/keeping.html", _page(f"{error.message} {error.remedy}".strip())), 400
    say(_("It takes effect after a time in which it can be stopped.") if rule.due_at else _("It is in force."))
    return go("customers.keeping")
