"""Mails that did not go out, or that went: what the mail server said, and another try."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import mail as post
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.mail import MailRow, MailStatus, Trouble
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import product, work
from web.core.security import needs
from web.operations.blueprint import blueprint

NOT_GONE = (MailStatus.FAILED, MailStatus.PERHAPS_SENT, MailStatus.DELAYED, MailStatus.CREATED, MailStatus.SENDING)
WORDS: Mapping[MailStatus, tuple[str, str]] = {
    MailStatus.CREATED: (_("waits"), "plain"),
    MailStatus.SENDING: (_("is being sent"), "info"),
    MailStatus.SENT: (_("sent"), "good"),
    MailStatus.DELAYED: (_("put off"), "warn"),
    MailStatus.FAILED: (_("failed"), "bad"),
    MailStatus.PERHAPS_SENT: (_("perhaps sent"), "warn"),
}
"""State -> its words and the tone of its badge."""


@dataclass(frozen=True)
class MailPage:
    choices: tuple[Choice, ...]
    rows: tuple[MailRow, ...]
    after: int | None
    trouble: Trouble
    is_set_up: bool
    remedy: str
    words: Mapping[MailStatus, tuple[str, str]]


@blueprint.get("/mail")
@needs(Permission.OPERATE)
def mail() -> str:
    everything = request.args.get("show") == "all"
    page = post.list_mail(work(), statuses=() if everything else NOT_GONE, after=after(), limit=SIZE)
    choices = (
        Choice(_("Not sent"), here(show=None), not everything),
        Choice(_("All"), here(show="all"), everything),
    )
    shown = MailPage(
        choices, page.rows, page.after, post.count_trouble(work()),
        post.is_set_up(product().settings), post.NOT_SET_UP, WORDS,
    )  # fmt: skip
    return render("operations/mail.html", shown)


@blueprint.post("/mail/<int:mail_id>/retry")
@needs(Permission.OPERATE)
def retry_mail(mail_id: int) -> Response:
    post.retry_mail(work(), mail_id)
    say(_("It is sent again now."))
    return go("operations.mail")


@blueprint.post("/mail/retry")
@needs(Permission.OPERATE)
def retry_all_mail() -> Response:
    """Send again what failed or was put off; what perhaps went is left to be looked at one by one."""
    number = post.retry_failed(work())
    say(ngettext("%(num)s mail is sent again now.", "%(num)s mails are sent again now.", number) % {"num": number})
    return go("operations.mail")


def fingerprint(unit: Work) -> str:
    """Changes when a mail comes to stand or goes."""
    rows = post.list_mail(unit, statuses=NOT_GONE, limit=SIZE).rows
    return f"{post.count_trouble(unit)} {[(row.id, row.status, row.attempts) for row in rows]}"
