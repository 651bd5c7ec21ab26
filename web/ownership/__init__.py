"""Owned together in the browser: owners and roles of a process, the same drawing by departments, all processes."""

from web.ownership import connectors, departments, everywhere, goals, lines, process, roles, rollup
from web.ownership.blueprint import blueprint

__all__ = ["blueprint", "connectors", "departments", "everywhere", "goals", "lines", "process", "roles", "rollup"]
