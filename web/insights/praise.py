"""Praise: what customers thanked whom for, in their own words; mine first, then everybody's."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for

from bpm import identity
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.praise import Praised, PraiseRow, list_praise, most_praised
from web.core.paging import SIZE, after
from web.core.rendering import Choice, render
from web.core.request_context import actor, work
from web.core.security import needs

blueprint = Blueprint("praise", __name__, url_prefix="/praise")


@dataclass(frozen=True)
class PraisePage:
    """What insights/praise.html shows."""

    rows: tuple[PraiseRow, ...]
    after: int | None
    views: tuple[Choice, ...]
    whom: str
    praised: tuple[Praised, ...]
    names: dict[str, str]
    """User name, or key of a group -> what people call them."""


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def praise() -> str:
    whom = request.args.get("whom", "me")
    me = {actor().name, *actor().groups}
    chosen = None if whom == "all" else me if whom == "me" else {whom}
    found = list_praise(work(), recipients=chosen, limit=SIZE, after=after())
    views = tuple(
        Choice(label, url_for("praise.praise", whom=key), key == whom)
        for key, label in (("me", _("Me and my groups")), ("all", _("Everybody")))
    )
    names = {group.key: group.name for group in identity.list_groups(work())}
    names |= {user.username: user.display_name for user in identity.list_users(work())}
    return render(
        "insights/praise.html", PraisePage(found.rows, found.after, views, whom, tuple(most_praised(work())), names)
    )
