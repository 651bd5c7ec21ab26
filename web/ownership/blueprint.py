"""The blueprint that the pages of what is owned together hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("ownership", "web.ownership")
