"""The list of notices: opened, marked as read, and that taken back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from bpm import notices
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission
from bpm.notices import NoticeRow
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.core.targets import is_safe
from web.notices.bell import bell
from web.notices.blueprint import blueprint


@dataclass(frozen=True)
class NoticesPage:
    choices: tuple[Choice, ...]
    rows: tuple[NoticeRow, ...]
    after: int | None
    everything: bool
    unread: int


@blueprint.get("", endpoint="notice_list")
@needs(Permission.SIGNED_IN)
def show_list() -> str:
    everything, unread = request.args.get("show") == "all", bell().count
    page = notices.list_notices(work(), unread=not everything, after=after(), limit=SIZE)
    choices = (
        Choice(_("Unread"), here(show=None), not everything, unread),
        Choice(_("All"), here(show="all"), everything),
    )
    return render("notices/notices.html", NoticesPage(choices, page.rows, page.after, everything, unread))


@blueprint.post("/<int:notice_id>/opening")
@needs(Permission.SIGNED_IN)
def follow(notice_id: int) -> Response:
    """Mark it as read, and go where it leads."""
    link = notices.open_notice(work(), notice_id)
    return redirect(link if is_safe(link) else url_for("notices.notice_list"), 303)


@blueprint.get("/mail/<int:notice_id>/<signature>")
@needs(Permission.SIGNED_IN, unit="own")
def from_mail(notice_id: int, signature: str) -> Response:
    """A link of a mail: its notice is read now. What is no such link, or somebody else's notice, marks nothing."""
    link, app = request.args.get("to", ""), product()
    if not is_safe(link) or not notices.is_signed(app.settings, notice_id, signature, link=link):
        return redirect(url_for("notices.notice_list"), 303)
    with app.unit_of_work(actor()) as unit, suppress(NotFoundError):
        notices.open_notice(unit, notice_id)
    return redirect(link, 303)


@blueprint.post("/<int:notice_id>/reading")
@needs(Permission.SIGNED_IN)
def mark_read(notice_id: int) -> Response:
    if notices.mark_read(work(), notice_id):
        say(_("Marked as read."), undo=url_for("notices.mark_unread", notice_id=notice_id))
    return _back()


@blueprint.post("/<int:notice_id>/unreading")
@needs(Permission.SIGNED_IN)
def mark_unread(notice_id: int) -> Response:
    notices.mark_unread(work(), notice_id=notice_id)
    return _back()


@blueprint.post("/reading")
@needs(Permission.SIGNED_IN)
def mark_all_read() -> Response:
    number = notices.mark_read(work())
    if number:
        text = ngettext("%(num)s notice marked as read.", "%(num)s notices marked as read.", number) % {"num": number}
        say(text, undo=url_for("notices.mark_all_unread", at=work().now().isoformat()))
    return _back()


@blueprint.post("/unreading")
@needs(Permission.SIGNED_IN)
def mark_all_unread() -> Response:
    """Take back what was marked as read at the instant ?at=."""
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidInputError(
            _("The address does not say what is to be taken back."), remedy=_("Mark them one by one.")
        )
    notices.mark_unread(work(), read_at=at)
    return _back()


def _back() -> Response:
    return go("notices.notice_list", show="all" if request.form.get("show") == "all" else None)
