"""Our own style and scripts, and the few files of npm packages that pages need, from our own origin."""

import hashlib
import mimetypes
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from time import monotonic

from flask import Blueprint, Flask, Response, request

from bpm.foundation.errors import NotFoundError
from bpm.identity import Permission
from web.core.security import needs

blueprint = Blueprint("assets", __name__, url_prefix="/assets")

OURS = Path(__file__).parents[1] / "ui" / "static"
PACKAGES = Path(__file__).parents[2] / "node_modules"
LOOKED_AGAIN = 1.0
"""Seconds after which a page looks whether a file has changed."""
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
    return f"{request.script_root}{blueprint.url_prefix}/{name}?v={_lately(name, int(monotonic() / LOOKED_AGAIN))}"


# A page names a dozen files, which change when the product does.
@lru_cache(maxsize=256)
def _lately(name: str, _time: int) -> str:
    return _fingerprint(*_find(name))


@blueprint.get("/<path:name>")
@needs(Permission.PUBLIC, unit="own")
def file(name: str) -> Response:
    path, changed_at = _find(name)
    response = Response(
        _content(path, changed_at), mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream"
    )
    response.set_etag(_fingerprint(path, changed_at))
    kept = "public, max-age=31536000, immutable" if request.args.get("v") else "public, max-age=300"
    response.headers["Cache-Control"] = kept
    response.make_conditional(request)
    return response


def _find(name: str) -> tuple[Path, int]:
    """Where the file is, and when it was last changed in nanoseconds."""
    path = _place(name)
    if path is not None:
        with suppress(FileNotFoundError):
            return path, path.stat().st_mtime_ns
    if name in FROM_NPM:
        raise NotFoundError(f"The file {name} of an npm package is missing.", remedy="Run: make setup")
    raise NotFoundError(f"There is no file {name}.")


@lru_cache(maxsize=256)
def _place(name: str) -> Path | None:
    """The path of a name that we serve, whether there is a file or not."""
    if name in FROM_NPM:
        return PACKAGES / FROM_NPM[name]
    path = OURS / name
    return None if "/" in name or name.startswith(".") or not path.is_file() else path


@lru_cache(maxsize=256)
def _content(path: Path, _changed_at: int) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=256)
def _fingerprint(path: Path, changed_at: int) -> str:
    return hashlib.sha256(_content(path, changed_at)).hexdigest()[:12]
