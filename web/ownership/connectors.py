"""IT's part of a process: how its tasks that systems do are connected, changed without a new version."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine.api import Connector
from bpm.engine.models import ProcessVersion
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.processes import Head
from web.ownership.blueprint import blueprint
from web.ownership.process import chosen_version, file_key

DONE_BY_SYSTEMS = ("serviceTask", "sendTask", "businessRuleTask")


@dataclass(frozen=True)
class Connected:
    """One task of a system: the topic of its model, and what was said instead."""

    id: str
    name: str
    topic: str
    said: Connector


@dataclass(frozen=True)
class ConnectorsPage:
    """What ownership/connectors.html shows."""

    head: Head
    rows: tuple[Connected, ...]
    may_change: bool
    errors: Mapping[str, str]
    chosen: str = ""
    problem: str = ""


@blueprint.get("/processes/<key>/connectors")
@needs(Permission.SEE_PROCESSES)
def connectors(key: str) -> str:
    return render("ownership/connectors.html", _page(key))


def _page(key: str, error: InvalidInputError | None = None) -> ConnectorsPage:
    head, version = chosen_version(key)
    executable, elements = (
        work()
        .session.execute(
            select(ProcessVersion.executable, ProcessVersion.elements).where(ProcessVersion.id == version.id)
        )
        .one()
    )
    topics, said = engine.topics_of(executable), engine.get_connectors(work(), head.file_key)
    rows = tuple(
        Connected(each["id"], each["name"] or each["id"], topics[each["id"]], said.get(each["id"], engine.AS_MODELLED))
        for each in elements
        if each["type"] in DONE_BY_SYSTEMS and each["id"] in topics
    )
    return ConnectorsPage(
        head=head,
        rows=rows,
        may_change=may(actor(), Permission.OPERATE),
        errors=error.fields if error else {},
        chosen=request.form.get("element", ""),
        problem=f"{error.message} {error.remedy}" if error else "",
    )


@blueprint.post("/processes/<key>/connectors")
@needs(Permission.OPERATE)
def set_connector(key: str) -> Response | tuple[str, int]:
    sent = request.form
    tries = sent.get("retries", "").strip()
    said = Connector(
        topic=sent.get("topic", "").strip(),
        retries=(key_of(tries) or 0) if tries else None,
        retry_in=sent.get("retry_in", "").replace(" ", "").upper() or None,
    )
    try:
        element = sent.get("element", "")
        engine.set_connector(work(), file_key(key), element, said, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("ownership/connectors.html", _page(key, error)), 400
    say(_("Jobs that are made from now on are connected so; no version was changed."))
    return go("ownership.connectors", key=key)
