"""Words and colours for what becomes of customers' own processes."""

from collections.abc import Mapping

from bpm.foundation.texts import _

SOURCES: Mapping[str, str] = {
    "typed": _("typed"),
    "csv": _("list (CSV)"),
    "bpmn": _("drawing (BPMN)"),
    "portal": _("by the customer"),
}
TONES: Mapping[str, str] = {"handed_in": "info", "accepted": "good", "declined": "plain"}
KINDS: Mapping[str, tuple[str, str]] = {
    "left_out": (_("left out"), "plain"),
    "kept": (_("kept, for it is mandatory"), "warn"),
    "added": (_("own step"), "info"),
    "earlier": (_("taken earlier"), "info"),
}
"""Kind of what a case did otherwise -> its words and colour."""
HOW: Mapping[str, str] = {
    "same name": _("the same name"),
    "synonym": _("words that mean the same"),
    "likely": _("words that are alike"),
    "by hand": _("a person said so"),
    "": _("a step of their own"),
}
