"""Senders: the addresses that a team's mails to customers come from, set up and tried before anybody gets one."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity, mail
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.mail import Sender
from web.admin.blueprint import blueprint
from web.core import idempotency
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.ui.fields import Field

SECURITY = (("starttls", _("STARTTLS (usual)")), ("tls", _("TLS")), ("none", _("none, in one's own network alone")))


@dataclass(frozen=True)
class SenderRow:
    sender: Sender
    team: str
    """Name of the team; empty: everybody's."""
    example: str
    """Who a mail of the person who looks would come from."""


@dataclass(frozen=True)
class SendersPage:
    rows: tuple[SenderRow, ...]
    company: Sender | None
    remedy: str


@dataclass(frozen=True)
class SenderPage:
    sender: Sender | None
    url: str
    fields: tuple[Field, ...]
    server: tuple[Field, ...]
    mine: str
    """The address of the person who looks, where test mails go."""
    error: str = ""


@blueprint.get("/senders")
@needs(Permission.ADMIN)
def senders() -> str:
    teams = {group.id: group.name for group in identity.list_groups(work())}
    rows = tuple(
        SenderRow(each, teams.get(each.group_id or 0, ""), each.name_for(actor().display_name))
        for each in mail.list_senders(work())
    )
    return render("admin/senders.html", SendersPage(rows, mail.company_sender(work()), mail.NOT_SET_UP))


@blueprint.get("/senders/new")
@needs(Permission.ADMIN)
def new_sender() -> str:
    return render("admin/sender.html", _page(work(), None, {"name_pattern": "{author}", "tls": "starttls"}))


@blueprint.get("/senders/<int:sender_id>")
@needs(Permission.ADMIN)
def sender(sender_id: int) -> str:
    found = mail.get_sender(work(), sender_id)
    return render("admin/sender.html", _page(work(), found, _values(found)))


@blueprint.post("/senders")
@needs(Permission.ADMIN, proof=True)
def make_sender() -> Response | tuple[str, int]:
    try:
        sender_id = mail.make_sender(work(), request.form)
    except InvalidInputError as error:
        return render("admin/sender.html", _page(work(), None, request.form, error)), 400
    say(_("Saved. Send yourself a test before customers get one."))
    return go("admin.sender", sender_id=sender_id)


@blueprint.post("/senders/<int:sender_id>")
@needs(Permission.ADMIN, proof=True)
def change_sender(sender_id: int) -> Response | tuple[str, int]:
    found = mail.get_sender(work(), sender_id)
    try:
        mail.change_sender(work(), sender_id, request.form)
    except InvalidInputError as error:
        return render("admin/sender.html", _page(work(), found, request.form, error)), 400
    say(_("Saved."))
    return go("admin.sender", sender_id=sender_id)


@blueprint.post("/senders/<int:sender_id>/removal")
@needs(Permission.ADMIN, proof=True)
def remove_sender(sender_id: int) -> Response:
    mail.remove_sender(work(), sender_id)
    say(_("Taken away. Mails that were sent from it stay as they are."))
    return go("admin.senders")


@blueprint.post("/senders/<int:sender_id>/test")
@needs(Permission.ADMIN, proof=True, unit="own")
def test_sender(sender_id: int) -> Response:
    """Send the person who asks a mail as customers would get it; no transaction is open meanwhile."""
    with product().unit_of_work.reading(actor()) as reading:
        mine = _mine(reading)
        to = _to(mine)
    outcome = _("The mail server took it: look into your mailbox.")
    try:
        mail.send_test_as(product().unit_of_work, sender_id, to=to, author=actor().display_name)
    except EarshotError as error:
        outcome = _("It did not go: %(why)s") % {"why": error}
    with product().unit_of_work(actor()) as writing:
        mail.note_test(writing, sender_id, outcome=outcome)
        answer = go("admin.sender", sender_id=sender_id)
        idempotency.remember(writing, answer)
    say(outcome)
    return answer


def _mine(unit: Work) -> str:
    person = actor().user_id
    return (identity.get_user(unit, person).email or "") if person is not None else ""


def _to(mine: str) -> str:
    if not mine:
        raise InvalidInputError(_("You have no mail address here."), remedy=_("An administrator enters it at People."))
    return mine


def _values(found: Sender) -> dict[str, str]:
    names = ("address", "name_pattern", "reply_to", "signature", "group_id", "host", "port", "tls", "user")
    return {name: str(getattr(found, name) or "") for name in names}


def _page(
    unit: Work, found: Sender | None, values: Mapping[str, str], error: InvalidInputError | None = None
) -> SenderPage:
    kept = found is not None and mail.has_password(unit, found.id)
    groups = [(str(group.id), group.name) for group in identity.list_groups(unit)]
    wrong = error.fields if error else {}

    def field(name: str, label: str, kind: str = "text", text: str = "", **more: object) -> Field:
        value = "" if kind == "password" else values.get(name, "")
        return Field(name, label, kind, text, value=value, error=wrong.get(name, ""), **more)  # type: ignore[arg-type]  # as the caller names them

    fields = (
        field("address", _("Address"), "email", _("What customers answer to: a source here should ask its mailbox."),
              required=True),
        field("name_pattern", _("Name before it"), "text", _("{author} is who writes, as in: {author} at Your Shop"),
              required=True),
        field("group_id", _("Team"), "select", _("Who may write as it; empty: everybody who answers."), options=groups),
        field("signature", _("Signature"), "area", _("Below every mail, as plain text.")),
        field("reply_to", _("Answers go to"), "email", _("Only where that is another address.")),
    )  # fmt: skip
    server = (
        field("host", _("Mail server of its own"), "text", _("As smtp.example.com; empty: the company's.")),
        field("port", _("Port"), "number", _("Else the usual one.")),
        field("tls", _("Security"), "select", options=SECURITY, required=True),
        field("user", _("User name"), limits={"autocomplete": "off"}),
        field("password", _("Password"), "password", _("One is kept. Leave it empty to keep it.") if kept else "",
              limits={"autocomplete": "new-password"}),
    )  # fmt: skip
    url = url_for("admin.change_sender", sender_id=found.id) if found else url_for("admin.make_sender")
    return SenderPage(found, url, fields, server, _mine(unit), str(error) if error else "")
