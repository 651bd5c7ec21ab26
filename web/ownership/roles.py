"""One cell of the matrix is changed, and the whole goes out as CSV."""

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.tables import csv_line
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import ownership
from bpm.processes.ownership import LETTERS
from web.core.rate_limits import limited
from web.core.rendering import download, render, say
from web.core.request_context import work
from web.core.security import needs
from web.ownership.blueprint import blueprint
from web.ownership.process import chosen_version, page_of


@blueprint.post("/processes/<key>/roles")
@needs(Permission.SIGN)
def give_part(key: str) -> Response | tuple[str, int]:
    """Say what the part of a function in an activity is, or let lanes and flows say it again."""
    sent, (_head, version) = request.form, chosen_version(key)
    element, function = sent.get("element", ""), sent.get("function", "")
    try:
        if sent.get("as") == "derived":
            ownership.take_back_part(work(), version.id, element, function)
        else:
            letters = "".join(each for each in LETTERS if sent.get(each) == "true")
            ownership.give_part(work(), version.id, element, function, letters)
    except InvalidInputError as error:
        return render("ownership/process.html", page_of(key, error)), 400
    say(_("Kept, with your name and the day."))
    return redirect(url_for("ownership.of_process", key=key, version=version.number) + "#roles", 303)


@blueprint.get("/processes/<key>/roles.csv")
@needs(Permission.SEE_PROCESSES)
@limited("download")
def as_csv(key: str) -> Response:
    """The matrix, an activity a row, a function a column, and who answers for it."""
    _head, version = chosen_version(key)
    matrix = ownership.matrix_of(work(), version.id)
    lines = [csv_line(["id", "activity", *(name for _key, name in matrix.functions), "accountable"])]
    for each in matrix.activities:
        parts = matrix.parts[each.id]
        letters = [parts.get(function, "") for function, _name in matrix.functions]
        lines.append(csv_line([each.id, each.name, *letters, ", ".join(ownership.accountable(parts)) or "nobody"]))
    name = f"roles-{key}-{version.number}.csv"
    return download("".join(lines).encode(), name, mimetype="text/csv")
