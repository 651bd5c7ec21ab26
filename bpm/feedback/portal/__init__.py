"""The customer's side: private links, codes by mail, what may be shown to whom, and what is written there."""

from bpm.feedback.portal.codes import CODE_HOLDS, ask_code, forget_codes, prove_code
from bpm.feedback.portal.letters import Said, items_of_link, items_of_visit
from bpm.feedback.portal.links import (
    HOLDS,
    PLACEHOLDER,
    LinkRow,
    OpenLink,
    count_opening,
    expand,
    find_link,
    links_of,
    make_link,
    path_of,
    put_links,
    revoke_link,
)
from bpm.feedback.portal.visits import Visitor, end_visit, find_visit, tie
from bpm.feedback.portal.wishes import Wish, say_wish, wish_of
from bpm.feedback.portal.writing import CHANNEL, SOURCE, Asked, ask_person, write_on_link, write_on_visit

__all__ = [
    "CHANNEL",
    "CODE_HOLDS",
    "HOLDS",
    "PLACEHOLDER",
    "SOURCE",
    "Asked",
    "LinkRow",
    "OpenLink",
    "Said",
    "Visitor",
    "Wish",
    "ask_code",
    "ask_person",
    "count_opening",
    "end_visit",
    "expand",
    "find_link",
    "find_visit",
    "forget_codes",
    "items_of_link",
    "items_of_visit",
    "links_of",
    "make_link",
    "path_of",
    "prove_code",
    "put_links",
    "revoke_link",
    "say_wish",
    "tie",
    "wish_of",
    "write_on_link",
    "write_on_visit",
]
