"""An instance started by a person with the form of its start event: what is sent has to fit that form."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.definitions.version_cache import Startable
from bpm.engine.instances.starting import begin_at
from bpm.engine.models import ProcessInstance
from bpm.engine.work_items.forms import Situation, accept
from bpm.foundation.work import Work


def start_with_form(
    work: Work, live: Startable, values: Mapping[str, Any], *, business_key: str | None = None, by_form: bool = False
) -> ProcessInstance:
    """Start a live process, looked up in this transaction, with the values of its start form; without one, with any.

    `by_form`: as a person filled it in, which alone is bound by a form that was made from what the model reads.
    Triggers and programs use `start`: they may bring variables that no form asks for.
    Raises InvalidInputError with a message per field.
    """
    if live.start_with_form is not None:
        situation = Situation(known=dict, now=work.now(), by_form=by_form)
        values = accept(live.runnable, values, form=None, element=live.start_with_form, situation=situation)
    return begin_at(work, live, values, business_key=business_key)
