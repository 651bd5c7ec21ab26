"""What an answer over HTTP means.

For a poll: fine, refused with a remedy, or to be asked again later. For a sending, beside these: whether the words
certainly did not arrive, or perhaps did."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import PollRefusedError
from bpm.feedback.connectors.sending import NotNowError, RefusedError
from bpm.foundation.errors import EarshotError
from bpm.foundation.http.client import Answer, NoAnswerError, NotReachedError
from bpm.foundation.http.destinations import DestinationRefusedError
from bpm.foundation.texts import _

LONGEST_WAIT = timedelta(hours=24)
"""A server that asks for more is asked again all the same."""


LARGEST_JSON = 4_000_000
"""Bytes of an answer of which a connector itself looks at some fields; what is said in it is read in the child."""


class PerhapsSentError(EarshotError):
    """Nobody knows whether the other side took it."""


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


@contextmanager
def before_sending() -> Iterator[None]:
    """Around what is asked before the words go out: whatever goes wrong, they were certainly not sent."""
    try:
        yield
    except PollRefusedError as error:
        if error.wait is not None:
            raise NotNowError(error.message, remedy=error.remedy, wait=error.wait) from error
        raise RefusedError(error.message, remedy=error.remedy) from error
    except DestinationRefusedError as error:
        raise RefusedError(error.message, remedy=error.remedy) from error
    except NoAnswerError as error:
        raise NotNowError(error.message, remedy=error.remedy) from error


@contextmanager
def sending() -> Iterator[None]:
    """Around the request that brings the words: only where nothing was said at all it is tried again by itself."""
    try:
        yield
    except DestinationRefusedError as error:
        raise RefusedError(error.message, remedy=error.remedy) from error
    except NotReachedError as error:
        raise NotNowError(error.message, remedy=error.remedy) from error


def check_sent(answer: Answer, *, now: datetime) -> Answer:
    """The answer to a sending, when it is one of success.

    NotNowError where it says so itself (429, 503), RefusedError for every other 4xx with its own words, and
    PerhapsSentError for an error within: the other side may have taken it before that.
    """
    if 200 <= answer.status < 300:
        return answer
    if answer.status in {429, 503}:
        raise NotNowError(
            _("It was asked too often.") if answer.status == 429 else _meaning(answer.status)[0],
            remedy=_("It is tried again by itself."),
            wait=wait_of(answer, now=now),
        )
    message, remedy = _meaning(answer.status)
    words = " ".join(filter(None, (message, told_in(answer))))
    if answer.status >= 500:
        raise PerhapsSentError(words, remedy=_("Look whether it arrived, before you send it again."))
    raise RefusedError(words, remedy=remedy)


def told_in(answer: Answer) -> str:
    """What an answer of error says in words, where it is JSON with a field for that."""
    try:
        told = small_json(answer)
    except EarshotError:
        return ""
    if not isinstance(told, dict):
        return ""
    named = (told.get(each) for each in ("message", "error_human", "error", "errors", "description"))
    said = next((each for each in named if each), "")
    return " ".join(str(said).split())[:300]


def small_json(answer: Answer) -> Any:
    """The answer as JSON; EarshotError when it is none, or larger than is looked at here."""
    if len(answer.body) <= LARGEST_JSON:
        try:
            return orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            pass
    raise PollRefusedError(
        _("Its answer is not what was asked for."),
        place=answer.url.partition("?")[0],
        remedy=_("Look at the address and the settings."),
    )


def ask(connection: Connection, url: str, headers: Mapping[str, str]) -> Any:
    """What is at that address, as JSON; PollRefusedError or an error of the door."""
    return small_json(check_answer(connection.door.request("GET", url, headers=headers), now=connection.now))


def field_of(value: Any, *names: str) -> str:
    """A text or number in nested objects, as text; empty when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
