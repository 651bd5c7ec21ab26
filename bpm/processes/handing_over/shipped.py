"""The shipped process of what is handed over: it goes live by itself when it is first needed."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from bpm.engine import api as engine
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import ConflictError
from bpm.foundation.texts import _
from bpm.foundation.work import CONSOLE, Work
from bpm.processes.bundles import put_live

HANDED_OVER = "handed_over"
RETURNED = "handed_over_returned"
"""The message by which what came out comes back; its key is the number of the item."""
FOLDER = Path(__file__).parents[3] / "process_models" / HANDED_OVER


def ensure_live(work: Work) -> None:
    """Deploy the process where this installation has never had it.

    ConflictError where somebody retired it, or where only the packages are installed and nobody deployed it.
    """
    query = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == HANDED_OVER)
    known = work.session.execute(query).first()
    if known is not None and known[0] is not None:
        return
    if known is not None or not FOLDER.is_dir():
        raise ConflictError(
            _("The process “Handed over” is not live."),
            remedy=_("Ask a designer to put process_models/handed_over live; nothing was handed over."),
        )
    _deploy(replace(work, actor=CONSOLE))


def _deploy(work: Work) -> None:
    came, examined = _shipped()
    bundle = examined.bundle
    version = engine.deploy(
        work,
        examined.prepared,
        key=HANDED_OVER,
        note="Shipped with the product.",
        forms=bundle.forms,
        tests=bundle.tests,
        test_results=examined.results,
        documentation=came.documentation,
    )
    put_live(work, version, first=True)


@lru_cache(maxsize=1)
def _shipped() -> tuple[engine.Received, engine.Examined]:
    came = engine.read_bundle(engine.files_in(FOLDER), whole=True)
    return came, engine.examine(engine.carry_over(None, came))
