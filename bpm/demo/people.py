"""The people of the demo story; all share one password, which is printed at the start."""

from dataclasses import dataclass

from bpm import identity, mail
from bpm.foundation.work import Actor, Work

PASSWORD = "earshot-demo"  # noqa: S105 (a demo's password is public on purpose)


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    does: str


PEOPLE = (
    Person("dana", "Dana Designer", ("designer",), (), "uploads processes and writes triggers"),
    Person("ada", "Ada Advocate", ("advocate",), ("marketing",), "answers or distributes what customers say"),
    Person("sam", "Sam Service", ("staff",), ("service",), "completes work items of service"),
    Person("olga", "Olga Operations", ("staff",), ("operations",), "completes work items of operations"),
    Person("ivan", "Ivan IT", ("staff",), ("it",), "completes work items of IT"),
    Person("mia", "Mia Manager", ("manager",), ("marketing",), "reads measures, signs for marketing"),
    Person("noor", "Noor Network", ("manager", "staff"), ("it",), "signs for IT"),
    Person("omar", "Omar Orders", ("manager", "staff"), ("operations",), "signs for operations"),
    Person("otto", "Otto Operator", ("operator",), (), "repairs what got stuck"),
    Person("alex", "Alex Admin", ("admin",), ("service", "marketing", "it", "operations"), "may everything"),
)

DEPARTMENTS = {"service": "Service", "marketing": "Marketing", "it": "IT", "operations": "Operations"}

SENDERS = {
    "service": {
        "address": "care@brightwave.example",
        "name_pattern": "{author} at Brightwave",
        "signature": "Brightwave Care\nMonday to Saturday, 8 to 20",
    },
    "marketing": {"address": "hello@brightwave.example", "name_pattern": "{author} (Brightwave)"},
}
"""Team -> whom its mails come from, once a mail server is set up."""


def arrive(work: Work) -> dict[str, Actor]:
    """Create departments and people; gives each as one who acts, by user name."""
    groups = {key: identity.ensure_group(work, key, name=name) for key, name in DEPARTMENTS.items()}
    for key, given in SENDERS.items():
        mail.make_sender(work, {**given, "group_id": str(groups[key].id)})
    return {person.username: _create(work, person) for person in PEOPLE}


def _create(work: Work, person: Person) -> Actor:
    user = identity.create_user(
        work,
        person.username,
        display_name=person.name,
        password=PASSWORD,
        roles=list(person.roles),
        groups=list(person.groups),
    )
    return identity.actor_of(user)
