"""Templates to begin a reply with: whose they are, until when they may be used, who approved them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import outbound, queries
from bpm.feedback.outbound import TemplateRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.outbox.blueprint import blueprint
from web.ui.fields import Field

USUALLY_GOOD_FOR = timedelta(days=180)


@dataclass(frozen=True)
class TemplateLine:
    row: TemplateRow
    problem: str


@dataclass(frozen=True)
class TemplatesPage:
    rows: tuple[TemplateLine, ...]


@dataclass(frozen=True)
class TemplatePage:
    template: TemplateRow | None
    url: str
    fields: tuple[Field, ...]
    problem: str
    may_approve: bool
    error: str = ""


@blueprint.get("/templates")
@needs(Permission.ANSWER)
def templates() -> str:
    today = work().now().date()
    rows = tuple(TemplateLine(row, row.problem(today)) for row in outbound.list_templates(work()))
    return render("outbox/templates.html", TemplatesPage(rows))


@blueprint.get("/templates/new")
@needs(Permission.ANSWER)
def new_template() -> str:
    day = (work().now() + USUALLY_GOOD_FOR).date().isoformat()
    return render("outbox/template.html", _page(work(), None, {"review_by": day, "owner": str(actor().user_id)}))


@blueprint.get("/templates/<int:template_id>")
@needs(Permission.ANSWER)
def template(template_id: int) -> str:
    row = outbound.get_template(work(), template_id)
    return render("outbox/template.html", _page(work(), row, _values(row)))


@blueprint.post("/templates")
@needs(Permission.ANSWER)
def make_template() -> Response | tuple[str, int]:
    try:
        template_id = outbound.save_template(work(), request.form)
    except InvalidInputError as error:
        return render("outbox/template.html", _page(work(), None, request.form, error)), 400
    say(_("Saved. Somebody else reads and approves it before it can be used."))
    return go("outbox.template", template_id=template_id)


@blueprint.post("/templates/<int:template_id>")
@needs(Permission.ANSWER)
def change_template(template_id: int) -> Response | tuple[str, int]:
    try:
        outbound.save_template(work(), request.form, template_id=template_id)
    except InvalidInputError as error:
        row = outbound.get_template(work(), template_id)
        return render("outbox/template.html", _page(work(), row, request.form, error)), 400
    say(_("Saved. Other words are approved anew before they can be used."))
    return go("outbox.template", template_id=template_id)


@blueprint.post("/templates/<int:template_id>/approval")
@needs(Permission.ANSWER)
def approve_template(template_id: int) -> Response:
    written = request.form.get("review_by", "").strip()
    try:
        review_by = date.fromisoformat(written) if written else None
    except ValueError:
        raise InvalidInputError(_("%(text)s is no date.") % {"text": written[:40]}) from None
    outbound.approve_template(work(), template_id, review_by=review_by)
    say(_("Approved: it can be used until its day."))
    return go("outbox.template", template_id=template_id)


@blueprint.post("/templates/<int:template_id>/end")
@needs(Permission.ANSWER)
def retire_template(template_id: int) -> Response:
    outbound.retire_template(work(), template_id)
    say(_("It is used no more. What began as it stays."))
    return go("outbox.templates")


def _values(row: TemplateRow) -> Mapping[str, str]:
    return {
        "name": row.name, "subject": row.subject, "text": row.text, "topic": row.topic,
        "review_by": row.review_by.isoformat(), "owner": str(row.owner_id),
    }  # fmt: skip


def _page(
    unit: Work, row: TemplateRow | None, values: Mapping[str, str], error: InvalidInputError | None = None
) -> TemplatePage:
    errors = error.fields if error else {}
    people = [(str(each.id), each.display_name) for each in identity.list_users(unit) if each.active]
    topics = [(topic, topic) for topic, _number in queries.topics_in_use(unit, 50)]
    hint = _("{{name}}, {{author}} and {{subject}} are filled in; the gate asks for every other {{word}}.")
    fields = (
        Field("name", _("Name"), required=True, value=values.get("name", ""), kind="text"),
        Field("text", _("Words"), "area", hint, required=True, value=values.get("text", ""), rows=8),
        Field("subject", _("Subject of a mail"), "text", value=values.get("subject", "")),
        Field("topic", _("Offered first for the topic"), "select", value=values.get("topic", ""), options=topics),
        Field("owner", _("Owner"), "select", _("Looks at it again."), required=True, value=values.get("owner", ""),
              options=people),
        Field("review_by", _("May be used until"), "date", required=True, value=values.get("review_by", "")),
    )  # fmt: skip
    url = url_for("outbox.change_template", template_id=row.id) if row else url_for("outbox.make_template")
    return TemplatePage(
        template=row,
        url=url,
        fields=tuple(each.with_value(each.value, error=errors.get(each.name, "")) for each in fields),
        problem=row.problem(unit.now().date()) if row else "",
        may_approve=row is not None
        and (row.changed_by_id != actor().user_id or identity.may(actor(), Permission.ADMIN)),
        error=str(error.message) if error else "",
    )
