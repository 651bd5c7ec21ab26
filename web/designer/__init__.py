"""The designer's screens: processes, their versions, and the review of an uploaded file."""

from flask import Blueprint

blueprint = Blueprint("designer", __name__, url_prefix="/processes")

from web.designer import decisions, processes, uploads, versions  # noqa: E402, F401 (they hang their routes on the blueprint)
