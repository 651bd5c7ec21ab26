"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("improvements", "web.improvements", url_prefix="/improvements")
