"""What people are told of, as data: each kind with its words, and how it reaches a person who chose nothing."""

from dataclasses import dataclass
from enum import StrEnum

from bpm.foundation.texts import _


class Way(StrEnum):
    """How a kind of notice reaches a person."""

    OFF = "off"
    SCREEN = "screen"
    DIGEST = "digest"
    """On screen, and in one mail a day with all others of that day."""
    MAIL = "mail"
    """On screen, and by mail at once."""


@dataclass(frozen=True)
class Kind:
    """A kind of notice; `label` is how it stands among the preferences."""

    key: str
    label: str
    default: Way = Way.SCREEN


KINDS: tuple[Kind, ...] = (
    Kind("assigned", _("A task is given to me, or handed to my group")),
    Kind("returned", _("Something I handed over comes back")),
    Kind("offered", _("New tasks wait for my groups"), Way.OFF),
    Kind("mentioned", _("Somebody mentions me")),
    Kind("watched", _("Something happens in a case that I follow")),
    Kind("away", _("I stand in for somebody, or somebody for me")),
    Kind("due_soon", _("A task of mine is due soon")),
    Kind("overdue", _("A task of mine is overdue")),
    Kind("clock_soon", _("Customers have to be seen to soon")),
    Kind("clock_late", _("Customers wait longer than they should")),
    Kind("escape", _("A customer who waits for us speaks up in public")),
    Kind("promise_due", _("A promise of mine to a customer is due soon")),
    Kind("promise_broken", _("A promise of mine to a customer was not kept in time")),
    Kind("reply_failed", _("An answer of mine does not reach the customer")),
    Kind("to_approve", _("An answer of somebody who learns waits for my approval")),
    Kind("praised", _("A customer praises me or my group")),
    Kind("signature", _("My signature is wanted")),
    Kind("changes", _("Changes are wanted in a version of mine")),
    Kind("failure", _("A process of mine fails")),
    Kind("incident", _("An incident is proposed, or word of one is due")),
    Kind("alarm", _("A measure of a process leaves what is usual")),
    Kind("study", _("My view of what matters to customers is asked for")),
    Kind("live", _("A version that I uploaded or signed went live")),
    Kind("verdict", _("A change of mine has its verdict, or a guard stops its rollout")),
    Kind("import", _("An import of mine ended")),
    Kind("batch", _("A bulk action of mine ended")),
    Kind("owner", _("A process becomes mine, together with others")),
)
BY_KEY = {kind.key: kind for kind in KINDS}
