"""The staff's screens: the work that waits, and one work item."""

from flask import Blueprint

blueprint = Blueprint("tasklist", __name__, url_prefix="/tasks")

from web.tasklist import task, tasks  # noqa: E402, F401 (they hang their routes on the blueprint)
