"""Owned together in the browser: owners and roles of a process, the same drawing by departments, all processes."""

from web.ownership import departments, everywhere, process, roles
from web.ownership.blueprint import blueprint

__all__ = ["blueprint", "departments", "everywhere", "process", "roles"]
