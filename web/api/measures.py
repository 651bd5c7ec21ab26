"""The API for programs: measures of a process, the same figures as the pages and commands (docs/api.md)."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes.measures.asking import series
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.reports import read_spec
from bpm.processes.reports.measured import measured, measured_as_plain
from web.api.callers import by_token, refuse_unknown

blueprint = Blueprint("api_measures", __name__, url_prefix="/api/v1")
NAMES = ("measure", "by", "version", "days", "from", "to", "channel", "kind", "picture")


@blueprint.get("/processes/<key>/measures")
@by_token(Permission.INSIGHTS)
def measures(work: Work, key: str) -> dict[str, Any]:
    """Measures of a process; the query is that of the report page's address: measure, by, version, days, from, to…"""
    refuse_unknown(request.args, NAMES)
    asked = {name: request.args.getlist(name) for name in request.args} | {"process": [key]}
    if not any(asked.get("measure", ())):
        asked["measure"] = ["negative_share"]
    spec = read_spec(asked)
    question = spec.question(spec.measures[0], work.now())
    told = measured_as_plain(measured(work, question, spec.measures), question)
    if spec.picture == "series":
        told["weeks"] = {
            name: [asdict(each) | {"start": each.start.date().isoformat()} for each in series(work, question_of)]
            for name in spec.measures
            for question_of in (spec.question(name, work.now()),)
        }
    return told


@blueprint.get("/measures")
@by_token(Permission.INSIGHTS)
def catalogue(work: Work) -> dict[str, Any]:
    """Every measure with its definition, purpose and evidence."""
    return {
        "measures": [
            {
                "name": each.name, "title": each.title, "unit": each.unit, "better": each.better, "kind": each.kind,
                "definition": each.definition, "definition_version": each.version, "purpose": each.purpose,
                "evidence": each.evidence,
            }
            for each in MEASURES.values()
        ]
    }  # fmt: skip
