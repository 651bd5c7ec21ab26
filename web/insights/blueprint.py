"""The blueprint of the manager's screens; its routes stand in the files beside it."""

from flask import Blueprint

blueprint = Blueprint("insights", __name__, url_prefix="/insights")
