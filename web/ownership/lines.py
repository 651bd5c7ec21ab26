"""Whose a process is, in one line on the pages of the processes; and how a function is written."""

from collections.abc import Mapping

from bpm.processes import ownership
from bpm.processes.ownership import Owners
from web.core.request_context import work
from web.ownership.blueprint import blueprint
from web.ui.formats import department


@blueprint.app_template_filter("named")
def named(name: str, key: str) -> str:
    """The name of a function's group; of one without a name of its own its key as people write it."""
    return department(key) if name == key else name


@blueprint.app_template_global("whose_is")
def whose_is(key: str) -> Owners:
    """The owners of one process."""
    return ownership.owners_of(work(), key)


@blueprint.app_template_global("whose_are_all")
def whose_are_all() -> Mapping[str, Owners]:
    """The owners of every process by its key."""
    return {each.key: each for each in ownership.list_owners(work())}
