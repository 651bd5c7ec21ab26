"""Our own style and scripts, and the few files of npm packages that pages need, from our own origin."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, url_for

from bpm.errors import NotFoundError
from bpm.identity import Permission
from web.security import needs

blueprint = Blueprint("assets", __name__)

OURS = Path(__file__).parent / "static"
PACKAGES = Path(__file__).parents[1] / "node_modules"
FROM_NPM = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "bpmn-viewer.js": "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
    "bpmn-js.css": "bpmn-js/dist/assets/bpmn-js.css",
    "diagram-js.css": "bpmn-js/dist/assets/diagram-js.css",
}
"""Name in our URLs -> file of a package; nothing else of the packages is served."""


def set_up(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file with its fingerprint, so that browsers may keep it for good."""
    path = _path(name)
    return url_for("assets.file", name=name, v=_fingerprint(path, path.stat().st_mtime_ns))


@blueprint.get("/assets/<path:name>")
@needs(Permission.PUBLIC, unit="own")
def file(name: str) -> Response:
    path = _path(name)
    changed_at = path.stat().st_mtime_ns
    content = _content(path, changed_at)
    response = Response(content, mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response.set_etag(_fingerprint(path, changed_at))
    kept = "public, max-age=31536000, immutable" if request.args.get("v") else "public, max-age=300"
    response.headers["Cache-Control"] = kept
    response.make_conditional(request)
    return response


def _path(name: str) -> Path:
    if name in FROM_NPM:
        path = PACKAGES / FROM_NPM[name]
        if path.is_file():
            return path
        raise NotFoundError(f"The file {name} of an npm package is missing.", remedy="Run: make setup")
    path = OURS / name
    if "/" in name or name.startswith(".") or not path.is_file():
        raise NotFoundError(f"There is no file {name}.")
    return path


@cache
def _content(path: Path, _changed_at: int) -> bytes:
    return path.read_bytes()


@cache
def _fingerprint(path: Path, changed_at: int) -> str:
    return hashlib.sha256(_content(path, changed_at)).hexdigest()[:12]
