"""The worker's part: mails that are due go out, each noted before and after, so that none goes twice in silence.

Numbered, because whoever sends may die at any moment
1. A mail is set to `sending` and committed before a word of it is said to the server; a conditional UPDATE, so that of
   two workers one sends.
2. What the server answered is committed right after. Between the two nothing else is done.
3. A mail that stays `sending` for longer than any sending takes was left by one that died: it is `perhaps_sent`, stands
   before people, and goes again only if one of them says so. Its Message-ID is the same then: many mail programs show
   it once.
4. Where the server cannot be reached or lets nobody in, nothing was said of any mail: all that are due are put off.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work, affected
from bpm.mail.composing import Letter
from bpm.mail.outbox import MAIL
from bpm.mail.retries import next_try
from bpm.mail.server import Server, find_server, is_set_up
from bpm.mail.smtp import Answer, MailServerError, Outcome, Post
from bpm.mail.status import WAITING, MailStatus

log = logger(__name__)

AT_ONCE = 20
"""Mails over one connection in one sweep."""
GIVEN_UP_AFTER = timedelta(minutes=10)
"""After this a mail that is still being sent was left by one that died: sending has five waits of at most 30 s."""
ONE_CLICK = frozenset({"survey"})
"""Kinds whose address to be left alone takes a POST without further questions (RFC 8058)."""


def sweep_mail(unit_of_work: Transactions) -> int:
    """Send some of the mails that are due; how many were dealt with. None where mail is not set up."""
    with unit_of_work.reading() as work:
        if not is_set_up(work.settings):
            return 0
        due, left = _due(work), _left_behind(work)
        if not due and not left:
            return 0
    noted = _note_left_behind(unit_of_work, left) if left else 0
    return noted + (_send_all(unit_of_work, due) if due else 0)


def _due(work: Work) -> list[int]:
    due = select(MAIL.c.id).where(MAIL.c.status.in_(WAITING), MAIL.c.next_at <= work.now())
    return list(work.session.scalars(due.order_by(MAIL.c.next_at, MAIL.c.id).limit(AT_ONCE)))


def _left_behind(work: Work) -> list[int]:
    long_ago = work.now() - GIVEN_UP_AFTER
    old = or_(MAIL.c.sending_since.is_(None), MAIL.c.sending_since < long_ago)
    return list(work.session.scalars(select(MAIL.c.id).where(MAIL.c.status == MailStatus.SENDING, old).limit(AT_ONCE)))


def _note_left_behind(unit_of_work: Transactions, ids: Sequence[int]) -> int:
    with unit_of_work() as work:
        words = "The worker ended before the answer of the mail server was on record."
        values = {"status": MailStatus.PERHAPS_SENT, "last_error": words, "ended_at": work.now()}
        changed = update(MAIL).where(MAIL.c.id.in_(ids), MAIL.c.status == MailStatus.SENDING).values(values)
        work.nudge("mail")
        return affected(work, changed)


def _send_all(unit_of_work: Transactions, due: Sequence[int]) -> int:
    try:
        with unit_of_work.reading() as work:
            server = find_server(work)
        if server is None:
            return 0
        with Post(server) as post:
            for number, mail_id in enumerate(due):
                try:
                    post.open()
                except MailServerError as error:
                    return number + _put_off(unit_of_work, due[number:], error)
                _send_one(unit_of_work, post, server, mail_id)
    except EarshotError as error:  # the password cannot be opened
        return _put_off(unit_of_work, due, error)
    return len(due)


def _put_off(unit_of_work: Transactions, ids: Sequence[int], error: EarshotError) -> int:
    """Nothing of these mails was said to anybody: later."""
    log.warning("no mail goes out", because=str(error), waiting=len(ids))
    with unit_of_work() as work:
        for row in work.session.execute(select(MAIL.c.id, MAIL.c.attempts).where(MAIL.c.id.in_(ids))).all():
            values = _values_of(work, Answer(Outcome.LATER, str(error)), attempts=row.attempts + 1)
            values |= {"attempts": row.attempts + 1}
            work.session.execute(update(MAIL).where(MAIL.c.id == row.id, MAIL.c.status.in_(WAITING)).values(values))
        work.nudge("mail")
    return len(ids)


def _send_one(unit_of_work: Transactions, post: Post, server: Server, mail_id: int) -> None:
    with unit_of_work() as work:
        mine = _take(work, mail_id)
    if mine is None:
        return
    letter, attempts = mine
    _record(unit_of_work, mail_id, _hand_over(post, replace(letter, sender=server.sender)), attempts=attempts)


def _hand_over(post: Post, letter: Letter) -> Answer:
    try:
        return post.send(letter)
    except MailServerError as error:  # it ended the connection and cannot be reached again: nothing was said
        return Answer(Outcome.LATER, error.message)
    except (ValueError, LookupError, UnicodeError) as error:  # the mail cannot be composed: no try will change that
        log.exception("a mail cannot be composed")
        return Answer(Outcome.REFUSED, f"It cannot be composed: {type(error).__name__}.")


def _take(work: Work, mail_id: int) -> tuple[Letter, int] | None:
    """The mail and the number of this try, now marked as being sent; None when another worker has it."""
    taking = (
        update(MAIL)
        .where(MAIL.c.id == mail_id, MAIL.c.status.in_(WAITING))
        .values(status=MailStatus.SENDING, sending_since=work.now(), attempts=MAIL.c.attempts + 1)
        .returning(*MAIL.c)
    )
    row = work.session.execute(taking).first()
    if row is None:
        return None
    letter = Letter(
        sender="", to=row.to_address, subject=row.subject, text=row.text, html=row.html,
        message_id=row.message_id, written_at=row.created_at, unsubscribe_url=row.unsubscribe_url,
        one_click=row.kind in ONE_CLICK,
    )  # fmt: skip
    return letter, row.attempts


def _record(unit_of_work: Transactions, mail_id: int, answer: Answer, *, attempts: int) -> None:
    with unit_of_work() as work:
        still_mine = (MAIL.c.id == mail_id, MAIL.c.status == MailStatus.SENDING, MAIL.c.attempts == attempts)
        work.session.execute(update(MAIL).where(*still_mine).values(_values_of(work, answer, attempts=attempts)))
        work.nudge("mail")


def _values_of(work: Work, answer: Answer, *, attempts: int) -> dict[str, Any]:
    """What the row says after that answer."""
    now = work.now()
    if answer.outcome is Outcome.SENT:
        # What was said is not kept: whoever needs it has it where it came from.
        return {"status": MailStatus.SENT, "ended_at": now, "text": "", "html": None, "last_error": None}
    again = next_try(attempts, now) if answer.outcome is Outcome.LATER else None
    if again is not None:
        return {"status": MailStatus.DELAYED, "next_at": again, "last_error": answer.words}
    unsure = answer.outcome is Outcome.UNSURE
    return {
        "status": MailStatus.PERHAPS_SENT if unsure else MailStatus.FAILED,
        "last_error": answer.words,
        "ended_at": now,
    }
