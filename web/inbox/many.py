"""Many items at once: labels and decisions for all that are ticked, with one undo."""

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox.blueprint import blueprint

UNDO = {"correct": feedback.undo_corrections, "decide": feedback.undo_decisions}


@blueprint.post("/many")
@needs(Permission.ANSWER)
def many() -> Response:
    """Set what is given on each of the chosen items: labels, or a decision with its reason."""
    sent = request.form
    ids = [key for key in map(key_of, sent.getlist("item")) if key is not None]
    if sent.get("verb") == "decide":
        done = feedback.decide_many(work(), ids, sent.get("decision", ""), reason=sent.get("reason", ""))
        verb, told = "decide", ngettext("%(num)s item decided.", "%(num)s items decided.", done.items)
    else:
        urgency = sent.get("urgency", "")
        done = feedback.correct_many(
            work(),
            ids,
            primary=sent.get("primary") or None,
            urgency=int(urgency) if urgency in {"0", "1", "2", "3"} else None,
            topic=sent.get("topic", "").strip() or None,
        )
        verb = "correct"
        told = ngettext("%(num)s item corrected.", "%(num)s items corrected.", done.items)
    say(told % {"num": done.items}, undo=url_for("inbox.undo_many", verb=verb, behind=done.behind, upto=done.upto))
    return go_back("inbox.items")


@blueprint.post("/many/undo")
@needs(Permission.ANSWER)
def undo_many() -> Response:
    """Put back what stood before; items that were touched since are left."""
    verb, behind, upto = (request.args.get(name, "") for name in ("verb", "behind", "upto"))
    if verb not in UNDO or not (behind.isdecimal() and upto.isdecimal()):
        raise InvalidInputError(_("There is nothing to undo."), remedy=_("Look at the list."))
    count = UNDO[verb](work(), behind=int(behind), upto=int(upto))
    say(ngettext("%(num)s item is as before.", "%(num)s items are as before.", count) % {"num": count})
    return go_back("inbox.items")
