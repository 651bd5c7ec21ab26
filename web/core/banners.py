"""What everybody who signs in has to know about this installation: read once a minute, shown on every page."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from bpm import identity
from web.core.request_context import actor, product

_AGAIN_AFTER = timedelta(minutes=1)


def set_up(app: Flask) -> None:
    app.extensions["banners"] = (datetime.min.replace(tzinfo=UTC), ())
    app.jinja_env.globals["banners"] = lambda: _current(app) if actor().is_person else ()


def _current(app: Flask) -> tuple[str, ...]:
    read_at: datetime
    messages: tuple[str, ...]
    read_at, messages = app.extensions["banners"]
    now = product().clock.now()
    if now - read_at > _AGAIN_AFTER:
        with product().unit_of_work.reading() as work:
            messages = tuple(banner.message for banner in identity.list_banners(work))
        app.extensions["banners"] = (now, messages)
    return messages
