"""The blueprint of playbooks; a file of its own, so that pages and acts share it without a circle."""

from flask import Blueprint

blueprint = Blueprint("playbooks", __name__, url_prefix="/playbooks")
