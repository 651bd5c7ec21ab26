"""What everybody who signs in has to know about this installation: read once a minute, shown on every page.

A banner that says how far something is comes with a mark: the page looks again when it moved, until it is gone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, current_app

from bpm import identity
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.rendering import render_part
from web.core.request_context import actor, product
from web.core.security import needs

blueprint = Blueprint("banners", __name__)

DEMO = "demo"
"""Key of the demo's banner."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_AGAIN_AFTER, _MOVING_AGAIN_AFTER = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Banners:
    """What is shown, when it was read, and whether it goes on changing."""

    messages: tuple[str, ...] = ()
    read_at: datetime = _NEVER
    moving: bool = False
    is_demo: bool = False
    """Whether one of them says that this is a demo, which an administrator may remove."""


def set_up(app: Flask) -> None:
    app.extensions["banners"] = Banners()
    app.jinja_env.globals["banners"] = lambda: _current(app) if actor().is_person else Banners()


def _current(app: Flask) -> Banners:
    known: Banners = app.extensions["banners"]
    now = product().clock.now()
    if now - known.read_at > (_MOVING_AGAIN_AFTER if known.moving else _AGAIN_AFTER):
        with product().unit_of_work.reading() as work:
            known = app.extensions["banners"] = _read(work, now)
    return known


def _read(work: Work, now: datetime) -> Banners:
    found = identity.list_banners(work)
    moving = any(banner.key == identity.LOADING for banner in found)
    is_demo = any(banner.key == DEMO for banner in found)
    return Banners(tuple(banner.message for banner in found), now, moving, is_demo)


def fingerprint(work: Work) -> str:
    """Changes when a banner does."""
    return "\n".join(banner.message for banner in identity.list_banners(work))


def look_again() -> None:
    """What was read is out of date."""
    current_app.extensions["banners"] = Banners()


@blueprint.get("/banners")
@needs(Permission.SIGNED_IN)
def show() -> str:
    """The banners alone, for a page that heard that they moved."""
    look_again()
    return render_part("core/_banners.html", "banners", None)
