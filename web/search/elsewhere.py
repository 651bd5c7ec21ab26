"""What is found without the index: tasks, processes and triggers, which are few or have lists of their own."""

from collections.abc import Iterator

from flask import url_for

from bpm.engine import queries
from bpm.engine.queries import WorkItemFilter
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes.queries import list_triggers
from bpm.search import Asked, snippet
from bpm.search.words import words_of
from web.core.rendering import has_endpoint
from web.search.results import Line

EACH = 12
"""Of one kind."""
MOST_WORDS = 4
"""Words of which each alone is looked for among the tasks, the longest first: the others may stand in other places."""
LOOKED_AT = 50
"""Tasks with one of the words among which those with all of them are."""


def tasks(unit: Work, asked: Asked) -> Iterator[Line]:
    if not may(unit.actor, Permission.WORK):
        return
    words = [word for term in asked.wanted for word in term.words]
    looked_for = dict.fromkeys((" ".join(words), *sorted(words, key=len, reverse=True)[:MOST_WORDS]))
    shown: set[int] = set()
    for text in looked_for:
        for row in queries.list_work_items(unit, WorkItemFilter(text=text), limit=LOOKED_AT).rows:
            told = (row.name or row.element, row.process_name, row.process_key, row.business_key or "")
            if row.id not in shown and (text == row.business_key or _fits(asked, *told)):
                shown.add(row.id)
                title = snippet(row.name or row.element, asked)
                yield Line(_("task"), title, url_for("tasks.task", item_id=row.id), snippet(row.process_name, asked))


def processes(unit: Work, asked: Asked) -> Iterator[Line]:
    if not may(unit.actor, Permission.SEE_PROCESSES):
        return
    for row in queries.list_definitions(unit):
        live = _("version %(number)s") % {"number": row.live_number} if row.live_number else ""
        if _fits(asked, row.name, row.key, live):
            url = url_for("designer.process", key=row.key)
            yield Line(_("process"), snippet(row.name, asked), url, snippet(f"{row.key} {live}", asked))


def triggers(unit: Work, asked: Asked) -> Iterator[Line]:
    if not may(unit.actor, Permission.SEE_PROCESSES) or not has_endpoint("triggers.of_process"):
        return
    for row in list_triggers(unit):
        if _fits(asked, row.name, row.process_name, row.sentence):
            url = url_for("triggers.of_process", key=row.definition_key)
            yield Line(_("trigger"), snippet(row.name, asked), url, snippet(row.sentence, asked))


def _fits(asked: Asked, *texts: str) -> bool:
    """Whether every word that is asked for is somewhere in the texts, and none of the others."""
    held = " ".join(words_of(" ".join(texts)))
    wanted = all(" ".join(term.words) in held for term in asked.wanted)
    return wanted and not any(" ".join(term.words) in held for term in asked.unwanted)
