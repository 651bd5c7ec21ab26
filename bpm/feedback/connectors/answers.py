"""What an answer over HTTP means for a poll: fine, refused with a remedy, or to be asked again later."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bpm.feedback.connectors.kind import PollRefusedError
from bpm.foundation.http.client import Answer
from bpm.foundation.texts import _

LONGEST_WAIT = timedelta(hours=24)
"""A server that asks for more is asked again all the same."""


def check_answer(answer: Answer, *, now: datetime) -> Answer:
    """The answer, when it is one of success; PollRefusedError says what to do about any other."""
    if 200 <= answer.status < 300:
        return answer
    place = answer.url.partition("?")[0]
    if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
        wait = wait_of(answer, now=now) or timedelta(minutes=5)
        raise PollRefusedError(
            _("It was asked too often."), place=place, wait=wait, remedy=_("It is left alone as long as it says.")
        )
    message, remedy = _meaning(answer.status)
    raise PollRefusedError(message, place=place, remedy=remedy)


def _meaning(status: int) -> tuple[str, str]:
    told = {"status": status}
    if status in {401, 403}:
        return (
            _("It does not let us in (%(status)s).") % told,
            _("Give a new token or password, and look at what it may read."),
        )
    if status in {404, 410}:
        return _("There is nothing at this address (%(status)s).") % told, _("Look at the address.")
    if status >= 500:
        return _("It is out of order (%(status)s).") % told, _("It is asked again by itself.")
    return _("It does not understand what was asked (%(status)s).") % told, _("Look at the address and the settings.")


def wait_of(answer: Answer, *, now: datetime) -> timedelta | None:
    """How long to leave it alone by `Retry-After` (RFC 9110, 10.2.3) or `X-RateLimit-Reset`; None: it does not say."""
    told = answer.headers.get("retry-after", "").strip()
    until = answer.headers.get("x-ratelimit-reset", "") or answer.headers.get("ratelimit-reset", "")
    wait = _read(told, now) or _read(until.strip(), now)
    return None if wait is None else min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _read(told: str, now: datetime) -> timedelta | None:
    """Seconds, seconds since 1970, or a date of HTTP or ISO 8601."""
    if told.isascii() and told.isdigit() and len(told) <= 12:
        seconds = timedelta(seconds=int(told))
        return seconds if int(told) < 10**9 else datetime.fromtimestamp(int(told), UTC) - now
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(told)
        except (ValueError, TypeError):
            continue
        return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return None
