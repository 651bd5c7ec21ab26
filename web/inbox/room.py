"""The blueprint that the inbox's pages share."""

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
