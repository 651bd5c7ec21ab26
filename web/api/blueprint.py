"""The blueprint of the API, version 1; a file of its own, so that calls and lists share it without a circle."""

from flask import Blueprint

blueprint = Blueprint("api_v1", __name__, url_prefix="/api/v1")
