"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("tasks", "web.tasks", url_prefix="/tasks")
