"""The administrator's screens: people, groups, roles, and who may what where."""

from web.admin import grants, groups, leaving, people, person, roles
from web.admin.blueprint import blueprint

__all__ = ["blueprint", "grants", "groups", "leaving", "people", "person", "roles"]
