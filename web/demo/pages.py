"""The demo and how it is removed: what would go is shown first, and then it is one act."""

from dataclasses import dataclass

from flask import Blueprint
from werkzeug.wrappers import Response

from bpm import demo
from bpm.demo import Part
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import ngettext
from bpm.identity import Permission
from web.core import banners
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("demo", __name__, url_prefix="/admin/demo")


@dataclass(frozen=True)
class DemoPage:
    """What demo/page.html shows; `why_not` is empty where it can be removed by who looks."""

    is_there: bool
    parts: tuple[Part, ...] = ()
    why_not: str = ""
    remedy: str = ""


@blueprint.get("")
@needs(Permission.ADMIN)
def page() -> str:
    if not demo.is_there(work()):
        return render("demo/page.html", DemoPage(is_there=False))
    parts: tuple[Part, ...] = ()
    try:
        parts = demo.what_goes(work())
        demo.demand_other(work())
    except EarshotError as error:
        found = DemoPage(is_there=True, parts=parts, why_not=error.message, remedy=error.remedy)
        return render("demo/page.html", found)
    return render("demo/page.html", DemoPage(is_there=True, parts=parts))


@blueprint.post("/remove")
@needs(Permission.ADMIN, proof=True)
def remove() -> Response:
    demo.demand_other(work())
    went = demo.remove(work())
    banners.look_again()
    say(
        ngettext("The demo is removed: %(n)s record went.", "The demo is removed: %(n)s records went.", went)
        % {"n": f"{went:,}"}
    )
    return go("admin.people")
