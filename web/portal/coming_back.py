"""What a customer wrote when their visit had ended: it travels with the forms of the way back, kept nowhere else."""

from dataclasses import dataclass, replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.foundation.texts import _
from web.core.request_context import OTHER_SITES, product
from web.core.sessions.kept_forms import FIELD, KeptForm, form_as_sent, read_kept
from web.portal.frames import Frame, frame, gone, page
from web.portal.letter_pages import person_of
from web.portal.visits import proof_of, visit_word, visitor_or_none

WRITTEN = ("text", "steps", "note")
"""Fields in which people write sentences: they see them again before they send them."""


@dataclass(frozen=True)
class AskPage:
    """What portal/ask.html shows: the address first, then the code."""

    frame: Frame
    address: str
    asked: bool
    entry: str = ""
    """The number of an entry of the board that they came from, and go back to."""
    kept: KeptForm | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What they wrote before."""
        return _words(self.kept) if self.kept else ()


@dataclass(frozen=True)
class KeptPage:
    """What portal/kept.html shows: the form as it was, with the proof of the new visit."""

    frame: Frame
    kept: KeptForm
    proof: str

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value) for name, value in self.kept.fields if name in WRITTEN)

    @property
    def rest(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value) for name, value in self.kept.fields if name not in WRITTEN)


def visit_ended(entry: str = "") -> Response:
    """The way back in for a form that came without a visit, with what was written in it on board."""
    kept = None if request.headers.get("Sec-Fetch-Site") in OTHER_SITES else form_as_sent()
    if kept is None or not _words(kept):
        return redirect(url_for("private.ask", entry=entry or None), 303)
    kept = replace(kept, fields=tuple((name, value) for name, value in kept.fields if name != "proof"))
    with product().unit_of_work.reading() as work:
        is_there = visitor_or_none(work) is not None
    if is_there:  # the page is older than the visit
        return came_back(kept, visit_word(), status=403)
    around = frame(url_for("private.person"), error=_("Your visit ended. What you wrote is kept: show a code again."))
    return page("portal/ask.html", AskPage(around, "", asked=False, entry=entry, kept=kept), 403)


def kept_on_the_way() -> KeptForm | None:
    """What came along with a form of the way back; only what goes to a page of customers."""
    kept = read_kept(request.form.get(FIELD, ""))
    own = (f"{url_for('private.ask')}/", f"{url_for('board.board')}/")
    return kept if kept is not None and kept.action.startswith(own) else None


def came_back(kept: KeptForm, word: str, *, status: int = 200) -> Response:
    """The form as it was, to be sent by whoever showed a code."""
    return page("portal/kept.html", KeptPage(frame(url_for("private.person")), kept, proof_of(word)), status)


def link_is_gone(text: str) -> Response:
    """A link that leads nowhere; what was written on its page can go to a person instead."""
    if not text.strip():
        return gone()
    error = _("This link does not lead anywhere. It may have expired. What you wrote is kept here: tell us how to"
              " reach you, and a person reads it.")  # fmt: skip
    shown = person_of(url_for("private.ask_person"), known=False, back=url_for("private.ask"), error=error)
    return page("portal/person.html", shown, 404)


def _words(kept: KeptForm) -> tuple[str, ...]:
    return tuple(value for name, value in kept.fields if name in WRITTEN and value.strip())
