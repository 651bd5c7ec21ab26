"""The public face of a form: a script for other sites' pages, a page without scripts, and the door for answers.

Nothing here sets or reads a cookie, and nothing is trusted because of where it comes from. How long a form was open is
told by a signed word in it (the key that signs sessions, with a salt of its own).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from flask import Blueprint, current_app, jsonify, make_response, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from bpm.feedback import web_forms
from bpm.feedback.web_forms import LONGEST, Answer, FormRow
from bpm.foundation.errors import EarshotError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import product
from web.core.security import needs

blueprint = Blueprint("public_forms", __name__, url_prefix="/forms")

TRAP = "website"
"""The field that people do not see."""


@dataclass(frozen=True)
class PublicPage:
    """What webforms/public.html shows; `said` once it was sent."""

    form: FormRow | None
    stamp: str
    values: dict[str, str]
    said: str = ""
    error: str = ""


@blueprint.get("/<key>")
@needs(Permission.PUBLIC, unit="own")
def page(key: str) -> Response:
    """The form as a page of its own, for browsers without scripts and for links in mails."""
    told = {name: request.args.get(name, "")[: LONGEST[name]] for name in ("page", "case")}
    values = dict.fromkeys(LONGEST, "") | told
    try:
        form = _find(key)
    except NotFoundError as error:
        return _page(PublicPage(None, "", values, error=str(error)), 404)
    return _page(PublicPage(form, _stamp(form), values))


@blueprint.get("/<key>.js")
@needs(Permission.PUBLIC, unit="own")
def script(key: str) -> Response:
    """The script that draws the form where its tag stands."""
    try:
        form = _find(key)
    except NotFoundError:
        return _script("/* There is no such form. */", 404)
    told = {
        "to": url_for("public_forms.answer", key=key, _external=True),
        "question": form.question,
        "language": form.language,
        "stamp": _stamp(form),
        "trap": TRAP,
        "words": {
            "name": _("Your name (if you like)"),
            "email": _("Your e-mail address (if you want an answer)"),
            "send": _("Send"),
            "thanks": _("Thank you. It was received."),
            "failed": _("It could not be sent. Try again."),
        },
    }
    source = (current_app.jinja_env.get_template("webforms/embed.js")).render(told=json.dumps(told))
    return _script(source)


@blueprint.post("/<key>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("form")
def answer(key: str) -> Response:
    """Take an answer: JSON for the script, a page for a form that a browser sends by itself."""
    sent = request.form
    values = {name: sent.get(name, "").strip() for name in LONGEST}
    form: FormRow | None = None
    try:
        form = _find(key)
        open_for, word = _opened(form, sent.get("stamp", ""))
        given = Answer(**values, key=word, trap=sent.get(TRAP, ""), open_for=open_for)
        with product().unit_of_work() as work:
            web_forms.receive_answer(work, form, given, origin=_foreign_origin())
    except (InvalidInputError, ForbiddenError, NotFoundError) as error:
        return _refused(form, values, error)
    thanks = _("Thank you. It was received.")
    if _is_script():
        return make_response(jsonify(received=True, message=thanks))
    return _page(PublicPage(form, "", values, said=thanks))


def _find(key: str) -> FormRow:
    with product().unit_of_work.reading() as work:
        return web_forms.find_form(work, key)


def _refused(form: FormRow | None, values: dict[str, str], error: EarshotError) -> Response:
    kinds = {InvalidInputError: 400, ForbiddenError: 403, NotFoundError: 404}
    status = next(status for kind, status in kinds.items() if isinstance(error, kind))
    if _is_script():
        return make_response(jsonify(received=False, message=str(error)), status)
    return _page(PublicPage(form, request.form.get("stamp", ""), values, error=str(error)), status)


def _page(shown: PublicPage, status: int = 200) -> Response:
    return make_response(render("webforms/public.html", shown), status)


def _script(source: str, status: int = 200) -> Response:
    response = make_response(source, status)
    response.mimetype = "text/javascript"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _is_script() -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _foreign_origin() -> str:
    """The site whose page sends it; empty for our own page, and where the browser does not tell."""
    origin = request.headers.get("Origin", "")
    return "" if origin in ("", "null", request.host_url.rstrip("/")) else origin


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="form on a web site")


def _stamp(form: FormRow) -> str:
    return str(_signer().dumps([form.key, int(product().clock.now().timestamp()), token_hex(8)]))


def _opened(form: FormRow, stamp: str) -> tuple[timedelta | None, str]:
    """(how long the form was open, the word that tells it from others); (None, "") for a stamp that is not ours."""
    try:
        key, at, word = _signer().loads(stamp)
    except (BadSignature, ValueError, TypeError):
        return None, ""
    if key != form.key:
        return None, ""
    return product().clock.now() - datetime.fromtimestamp(at, UTC), str(word)


@blueprint.after_request
def _without_cookies(response: Response) -> Response:
    """No cookie goes out, and pages of the form's sites may read what the door says, errors too."""
    session.modified = False
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
