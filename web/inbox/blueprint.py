"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("inbox", "web.inbox", url_prefix="/inbox")
