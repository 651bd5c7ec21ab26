"""Forms for web sites as people make them, with what to paste, and the answers that wait for a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import CHANNELS, web_forms
from bpm.feedback.models import HeldAnswer
from bpm.feedback.web_forms import FormRow
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.ui.fields import Field

blueprint = Blueprint("webforms", __name__, url_prefix="/inbox/forms")


@dataclass(frozen=True)
class FormsPage:
    """What webforms/list.html shows."""

    rows: tuple[FormRow, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class FormPage:
    """What webforms/form.html shows."""

    row: FormRow
    address: str
    held: tuple[HeldAnswer, ...]

    @property
    def snippet(self) -> str:
        """What is pasted into the other site's page."""
        link = f'<a href="{self.address}">{escape(self.row.question)}</a>'
        return f'<script src="{self.address}.js"></script><noscript>{link}</noscript>'


@blueprint.get("")
@needs(Permission.IMPORT)
def forms() -> str:
    return _list({}, {})


@blueprint.post("")
@needs(Permission.IMPORT)
def make() -> Response | tuple[str, int]:
    try:
        form_id = web_forms.make_form(work(), request.form)
    except InvalidInputError as error:
        return _list(request.form, error.fields), 400
    say(_("The form is ready: paste it into your page."))
    return go("webforms.form", form_id=form_id)


def _list(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    def field(name: str, label: str, kind: str = "text", text: str = "", **more: object) -> Field:
        return Field(name, label, kind, text, value=values.get(name, ""), error=errors.get(name, ""), **more)  # type: ignore[arg-type]  # fields by name

    channels = [(each, each) for each in CHANNELS]
    fields = (
        field("name", _("Name"), text=_("For you alone."), required=True),
        field("question", _("What is asked"), text=_("As: How can we do better?"), required=True),
        field("channel", _("Channel"), "select", _("Else survey."), options=channels),
        field("language", _("Language"), text=_("As en or de; empty: it is found out.")),
        field(
            "sites", _("Sites that may send"), "area", _("As https://www.example.com, one a line; empty: any."), rows=3
        ),
    )
    return render("webforms/list.html", FormsPage(tuple(web_forms.list_forms(work())), fields))


@blueprint.get("/<int:form_id>")
@needs(Permission.IMPORT)
def form(form_id: int) -> str:
    row = next((each for each in web_forms.list_forms(work()) if each.id == form_id), None)
    if row is None:
        raise NotFoundError(_("There is no form %(id)s.") % {"id": form_id})
    address = url_for("public_forms.page", key=row.key, _external=True)
    shown = FormPage(row, address, tuple(web_forms.list_held(work(), form_id)))
    return render("webforms/form.html", shown)


@blueprint.post("/<int:form_id>/switch")
@needs(Permission.IMPORT)
def switch(form_id: int) -> Response:
    active = request.form.get("active") == "on"
    web_forms.switch_form(work(), form_id, active=active)
    say(_("It takes answers again.") if active else _("It takes no answers now."))
    return go("webforms.form", form_id=form_id)


@blueprint.post("/<int:form_id>/held/<int:held_id>/take")
@needs(Permission.IMPORT)
def take(form_id: int, held_id: int) -> Response:
    web_forms.take_held(work(), held_id)
    say(_("Taken in."))
    return go("webforms.form", form_id=form_id)


@blueprint.post("/<int:form_id>/held/<int:held_id>/throw")
@needs(Permission.IMPORT)
def throw(form_id: int, held_id: int) -> Response:
    web_forms.throw_away(work(), held_id)
    say(_("Thrown away."))
    return go("webforms.form", form_id=form_id)
