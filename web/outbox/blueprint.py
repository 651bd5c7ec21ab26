"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("outbox", "web.outbox", url_prefix="/outbox")
