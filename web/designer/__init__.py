"""The designer's screens: processes, their versions, and the review of an uploaded file."""

from flask import Blueprint

blueprint = Blueprint("designer", __name__, url_prefix="/processes")

from web.designer import (  # noqa: E402 (they hang their routes on the blueprint)
    decisions,  # noqa: F401
    migration,  # noqa: F401
    processes,  # noqa: F401
    uploads,  # noqa: F401
    versions,  # noqa: F401
)
