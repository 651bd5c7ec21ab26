"""Whose words figures count: the choice on pages of figures, and how each voice is called."""

from flask import request

from bpm.feedback.status import Voice
from bpm.foundation.texts import _
from web.core.rendering import Choice, here

VOICE_WORDS = {
    Voice.CUSTOMER: _("customers"),
    Voice.PROSPECT: _("prospects"),
    Voice.EMPLOYEE: _("employees"),
    Voice.PARTNER: _("partners"),
    Voice.SUPPLIER: _("suppliers"),
}


def asked_voice() -> str:
    """The voice in the address; empty: customers and prospects, as usual, or what is no voice."""
    voice = request.args.get("voice", "")
    return voice if voice in set(Voice) else ""


def voice_choices(chosen: str) -> tuple[Choice, ...]:
    """Links that choose it."""
    usual = Choice(_("customers and prospects"), here(voice=None), not chosen)
    return (usual, *(Choice(words, here(voice=str(each)), each == chosen) for each, words in VOICE_WORDS.items()))
