"""The blueprint of questions and verdicts, and the colours of what they say."""

from flask import Blueprint

from web.verdicts.beside import offer

blueprint = Blueprint("verdicts", __name__, url_prefix="/insights/verdicts")
blueprint.record(offer)

TONES = {"improved": "good", "worse": "bad", "no difference": "info", "not shown": "plain"}
STAGE_TONES = {
    "unhealthy": "bad", "no data": "warn", "early": "info", "coming": "info", "said": "plain", "needs people": "warn",
}  # fmt: skip
