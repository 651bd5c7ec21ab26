"""The decisions of a version: their tables, and what comes out for values that somebody tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import request
from werkzeug.wrappers import Response

from bpm.audit import Thing
from bpm.engine import queries
from bpm.engine.decisions import Outcome, as_bytes, decide, variables_of
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import EngineError, NotFoundError
from bpm.identity import Permission
from web.core.on_record.reads import note_read
from web.core.rate_limits import limited
from web.core.rendering import download, render
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.decision_tables import DrawnDecision, drawn_decisions, read_texts
from web.designer.processes import Head, choose, head_of
from web.ui.fields import Field

VALUE = "value:"
"""What the names of the try-out's fields begin with, so that no variable can be taken for a parameter of the page."""
LONGEST = 2_000


@dataclass(frozen=True)
class Trial:
    """A decision tried out: its fields, and what came of it."""

    decision: str
    fields: tuple[Field, ...]
    result: str = ""
    rules: tuple[int, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class DecisionsPage:
    head: Head
    version: VersionDetail | None
    decisions: tuple[DrawnDecision, ...]
    trials: Mapping[str, Trial]


@blueprint.get("/<key>/decisions")
@needs(Permission.SEE_PROCESSES)
def decisions(key: str) -> str:
    versions = queries.list_versions(work(), key)
    chosen = choose(versions)
    version = queries.get_version(work(), chosen.id) if chosen else None
    texts = version.decisions if version else {}
    tried = request.args.get("decision", "")
    known = read_texts(texts).decisions
    trials = {name: _trial(texts, name, tried=name == tried) for name in known}
    holding = {tried: trials[tried].rules} if tried in trials else {}
    drawn = drawn_decisions(texts, holding=holding)
    return render("designer/decisions.html", DecisionsPage(head_of(key, versions), version, drawn, trials))


@blueprint.get("/versions/<int:version_id>/decisions/<path:file_name>")
@needs(Permission.SEE_PROCESSES)
@limited("download")
def decision_file(version_id: int, file_name: str) -> Response:
    found = queries.get_version(work(), version_id)
    if file_name not in found.decisions:
        raise NotFoundError(f"Version {found.number} has no decisions of the name {file_name!r}.")
    note_read("version.download", Thing("version", version_id, file_name))
    return download(as_bytes(found.decisions[file_name]), file_name, mimetype="application/xml")


def _trial(texts: Mapping[str, str], decision: str, *, tried: bool) -> Trial:
    known = read_texts(texts).decisions
    asked = variables_of(known, decision)
    written = {name: request.args.get(VALUE + name, "")[:LONGEST] if tried else "" for name in asked}
    fields = tuple(
        Field(name=VALUE + name, label=name, kind="text", help=asked[name], value=written[name], prefix=f"{decision}-")
        for name in asked
    )
    if not tried:
        return Trial(decision, fields)
    try:
        outcome = decide(known, decision, {n: _value(text) for n, text in written.items()}, now=work().now())
    except EngineError as error:
        return Trial(decision, fields, problem=str(error))
    return Trial(decision, fields, result=_as_text(outcome), rules=outcome.matched)


def _as_text(outcome: Outcome) -> str:
    return orjson.dumps(outcome.value, option=orjson.OPT_INDENT_2).decode()


def _value(text: str) -> Any:
    """JSON where it reads as such, else the text itself; nothing is null."""
    if not text.strip():
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
