"""The pages of one customer, at /my; nothing of them is kept by browsers or told to other sites."""

from datetime import datetime

from flask import Blueprint
from werkzeug.wrappers import Response

from web.portal.frames import keep_private

blueprint = Blueprint("private", __name__, url_prefix="/my")


@blueprint.app_template_filter("day")
def day(moment: datetime) -> str:
    """A day as letters write it."""
    return f"{moment.day} {moment:%B %Y}"


@blueprint.after_request
def _keep_to_themselves(response: Response) -> Response:
    """No cookie of the session, nothing for search engines, and no address of these pages for other sites."""
    return keep_private(response)
