"""Every process with whose it is, and what is missing so that it is owned together."""

from dataclasses import dataclass

from bpm.identity import Permission
from bpm.processes import ownership
from bpm.processes.ownership import Owners
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.ownership.blueprint import blueprint


@dataclass(frozen=True)
class EverywherePage:
    """What ownership/everywhere.html shows; `lacking` are those with something missing, first."""

    rows: tuple[Owners, ...]
    lacking: int


@blueprint.get("/ownership")
@needs(Permission.SEE_PROCESSES)
def everywhere() -> str:
    rows = sorted(ownership.list_owners(work()), key=lambda each: (not each.missing, each.name.lower()))
    return render("ownership/everywhere.html", EverywherePage(tuple(rows), sum(bool(each.missing) for each in rows)))
