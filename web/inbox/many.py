"""Many items at once: labels, tags, decisions, whose they are, conversations put together; each act with one undo."""

from collections.abc import Callable

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import feedback, identity
from bpm.feedback import tags
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import routing
from web.core.numbers import key_of
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox.blueprint import blueprint

Undo = Callable[..., int]
UNDO: dict[str, Undo] = {
    "correct": feedback.undo_corrections,
    "decide": feedback.undo_decisions,
    "tag": tags.undo_tags,
    "assign": routing.undo_assignments,
}


@blueprint.post("/many")
@needs(Permission.ANSWER)
def many() -> Response:
    """Do what the pressed button says with each of the chosen items."""
    ids = [key for key in map(key_of, request.form.getlist("item")) if key is not None]
    verb = request.form.get("verb", "correct")
    told, undo = ACTS.get(verb, _correct)(work(), ids)
    say(told, undo=undo)
    return go_back("inbox.items")


@blueprint.post("/many/undo")
@needs(Permission.ANSWER)
def undo_many() -> Response:
    """Put back what stood before; items that were touched since are left."""
    verb = request.args.get("verb", "")
    behind, upto = (key_of(request.args.get(name, "")) for name in ("behind", "upto"))
    if verb == "merge":
        apart = [each for each in map(key_of, request.args.getlist("conversation")) if each is not None]
        count = feedback.undo_merges(work(), apart)
        told = ngettext("%(num)s conversation is apart again.", "%(num)s conversations are apart again.", count)
    elif verb in UNDO and behind is not None and upto is not None:
        count = UNDO[verb](work(), behind=behind, upto=upto)
        told = ngettext("%(num)s item is as before.", "%(num)s items are as before.", count)
    else:
        raise InvalidInputError(_("There is nothing to undo."), remedy=_("Look at the list."))
    say(told % {"num": count})
    return go_back("inbox.items")


def _correct(unit: Work, ids: list[int]) -> tuple[str, str]:
    sent = request.form
    urgency = sent.get("urgency", "")
    done = feedback.correct_many(
        unit,
        ids,
        primary=sent.get("primary") or None,
        urgency=int(urgency) if urgency in {"0", "1", "2", "3"} else None,
        topic=sent.get("topic", "").strip() or None,
    )
    told = ngettext("%(num)s item corrected.", "%(num)s items corrected.", done.items) % {"num": done.items}
    return told, _undo("correct", done.behind, done.upto)


def _decide(unit: Work, ids: list[int]) -> tuple[str, str]:
    done = feedback.decide_many(unit, ids, request.form.get("decision", ""), reason=request.form.get("reason", ""))
    told = ngettext("%(num)s item decided.", "%(num)s items decided.", done.items) % {"num": done.items}
    return told, _undo("decide", done.behind, done.upto)


def _tag(unit: Work, ids: list[int]) -> tuple[str, str]:
    done = tags.tag_items(unit, ids, request.form.get("tag", ""), group_key=request.form.get("tag_group", ""))
    told = ngettext("%(num)s item tagged.", "%(num)s items tagged.", done.items) % {"num": done.items}
    return told, _undo("tag", done.behind, done.upto) if done.items else ""


def _assign(unit: Work, ids: list[int]) -> tuple[str, str]:
    person = identity.find_user(unit, request.form.get("person", "").strip())
    done = routing.assign_many(unit, ids, person.id, override=request.form.get("override", ""))
    told = ngettext("%(num)s item given.", "%(num)s items given.", done.items) % {"num": done.items}
    return told, _undo("assign", done.behind, done.upto) if done.items else ""


def _merge(unit: Work, ids: list[int]) -> tuple[str, str]:
    moved = feedback.merge_many(unit, ids, reason=request.form.get("reason", ""))
    told = ngettext("%(num)s conversation moved.", "%(num)s conversations moved.", len(moved)) % {"num": len(moved)}
    return told, url_for("inbox.undo_many", verb="merge", conversation=list(moved))


def _undo(verb: str, behind: int, upto: int) -> str:
    return url_for("inbox.undo_many", verb=verb, behind=behind, upto=upto)


ACTS: dict[str, Callable[[Work, list[int]], tuple[str, str]]] = {
    "correct": _correct,
    "decide": _decide,
    "tag": _tag,
    "assign": _assign,
    "merge": _merge,
}
"""Value of the button -> what it does; gives what to tell, and the address of its undo."""
