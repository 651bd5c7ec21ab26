"""What everybody who signs in has to know about this installation: read once a minute, shown on every page."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from bpm import identity
from web.core.request_context import actor, product

_AGAIN_AFTER = timedelta(minutes=1)


def set_up(app: Flask) -> None:
    app.extensions["notices"] = (datetime.min.replace(tzinfo=UTC), ())
    app.jinja_env.globals["notices"] = lambda: _current(app) if actor().is_person else ()


def _current(app: Flask) -> tuple[str, ...]:
    read_at: datetime
    messages: tuple[str, ...]
    read_at, messages = app.extensions["notices"]
    now = product().clock.now()
    if now - read_at > _AGAIN_AFTER:
        with product().unit_of_work.reading() as work:
            messages = tuple(notice.message for notice in identity.list_notices(work))
        app.extensions["notices"] = (now, messages)
    return messages
