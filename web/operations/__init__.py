"""The operator's screens: what needs a hand, what waits, who works; failures, and acts on many at once."""

from flask import Blueprint

blueprint = Blueprint("operations", __name__, url_prefix="/operations")

from web.operations import batches, failures, overview  # noqa: E402, F401 (they hang their routes on the blueprint)
