"""The administrator's screens: people, groups, roles, who may what where, and working hours."""

from web.admin import (
    answer_targets,
    calendars,
    grants,
    groups,
    leaving,
    people,
    person,
    roles,
    senders,
    service_tokens,
    targets,
)
from web.admin.blueprint import blueprint

__all__ = [
    "answer_targets",
    "blueprint",
    "calendars",
    "grants",
    "groups",
    "leaving",
    "people",
    "person",
    "roles",
    "senders",
    "service_tokens",
    "targets",
]
