"""Kinds of links in the reader's words, and which of them a list of rows is asked for. Pure."""

from collections.abc import Mapping

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.processes.attribution import LIVED
from bpm.processes.status import LinkKind

WORDS: Mapping[LinkKind, str] = {
    LinkKind.SAID_BEFORE: _("before the case"),
    LinkKind.OPENED_BY: _("opened the case"),
    LinkKind.SAID_DURING: _("while it ran"),
    LinkKind.SAID_AFTER: _("after its end"),
    LinkKind.ABOUT_ARTEFACT: _("about an artefact"),
    LinkKind.BY_HAND: _("by hand"),
    LinkKind.SUGGESTED: _("suggested"),
}
APART = (LinkKind.OPENED_BY, LinkKind.SAID_BEFORE, LinkKind.SUGGESTED)
"""Kinds that are in no figure but their own."""


def asked_kinds(name: str) -> tuple[LinkKind, ...]:
    """The kinds of ?kind=; without one those that figures count. NotFoundError for a word that names none."""
    if not name:
        return LIVED
    if name not in tuple(LinkKind):
        raise NotFoundError(_("There is no kind of link “%(name)s”.") % {"name": name})
    return (LinkKind(name),)


def mix_of(kinds: Mapping[LinkKind, int]) -> str:
    """`12 while it ran, 3 after its end`, of the kinds that are counted; empty without any."""
    return ", ".join(f"{kinds[kind]} {WORDS[kind]}" for kind in LIVED if kinds.get(kind))
