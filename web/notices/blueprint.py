"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("notices", "web.notices", url_prefix="/notices")
