"""The blueprint of reports."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, url_prefix="/insights/reports")
