"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("promises", "web.promises", url_prefix="/promises")
