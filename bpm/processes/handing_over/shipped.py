"""Shipped processes that go live by themselves when they are first needed: what is handed over, and approvals."""

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
MODELS = Path(__file__).parents[3] / "process_models"


def ensure_live(work: Work, key: str = HANDED_OVER) -> None:
    """Deploy the shipped process `key` where this installation has never had it.

    ConflictError where somebody retired it, or where only the packages are installed and nobody deployed it.
    """
    query = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == key)
    known = work.session.execute(query).first()
    if known is not None and known[0] is not None:
        return
    if known is not None or not (MODELS / key).is_dir():
        raise ConflictError(
            _("The process %(key)s is not live.") % {"key": key},
            remedy=_("Ask a designer to put process_models/%(key)s live; nothing was done.") % {"key": key},
        )
    _deploy(replace(work, actor=CONSOLE), key)


def _deploy(work: Work, key: str) -> None:
    came, examined = _shipped(key)
    bundle = examined.bundle
    version = engine.deploy(
        work,
        examined.prepared,
        key=key,
        note="Shipped with the product.",
        forms=bundle.forms,
        tests=bundle.tests,
        test_results=examined.results,
        documentation=came.documentation,
    )
    put_live(work, version, first=True)


@lru_cache(maxsize=4)
def _shipped(key: str) -> tuple[engine.Received, engine.Examined]:
    came = engine.read_bundle(engine.files_in(MODELS / key), whole=True)
    return came, engine.examine(engine.carry_over(None, came))
