"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("admin", "web.admin", url_prefix="/admin")
