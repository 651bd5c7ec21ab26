"""The blueprint of this slice."""

from flask import Blueprint

blueprint = Blueprint("pictures", __name__, url_prefix="/insights")
