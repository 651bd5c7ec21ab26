"""Forms that stand on web sites: one script tag, or a page without scripts; no cookies."""

from bpm.feedback.web_forms.forms import (
    LONGEST,
    FormRow,
    find_form,
    list_forms,
    list_held,
    make_form,
    receive_answer,
    switch_form,
    take_held,
    throw_away,
)
from bpm.feedback.web_forms.suspicion import Answer, why_held

__all__ = [
    "LONGEST",
    "Answer",
    "FormRow",
    "find_form",
    "list_forms",
    "list_held",
    "make_form",
    "receive_answer",
    "switch_form",
    "take_held",
    "throw_away",
    "why_held",
]
