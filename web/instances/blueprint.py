"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("instances", "web.instances", url_prefix="/instances")
