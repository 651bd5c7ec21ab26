"""The rooms of the left rail and where each role's work is."""

from dataclasses import dataclass

from bpm.identity import Permission


@dataclass(frozen=True)
class NavigationEntry:
    """One entry of the rail; shown when its endpoint exists and the person has the permission."""

    label: str
    endpoint: str
    permission: Permission
    prefix: str
    icon: str


ENTRIES = (
    NavigationEntry("Inbox", "inbox.items", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry("Tasks", "tasks.tasks", Permission.WORK, "/tasks", "tasks"),
    NavigationEntry("Processes", "designer.processes", Permission.SEE_PROCESSES, "/processes", "processes"),
    NavigationEntry("Insights", "insights.overview", Permission.INSIGHTS, "/insights", "insights"),
    NavigationEntry("Operations", "operations.overview", Permission.OPERATE, "/operations", "operations"),
    NavigationEntry("Admin", "admin.people", Permission.ADMIN, "/admin/people", "admin"),
    NavigationEntry("Audit", "audit.trail", Permission.AUDIT, "/admin/audit", "search"),
)

STARTS = {entry.endpoint: entry.label for entry in ENTRIES}
"""Endpoint -> name of the pages that people may choose to begin with."""

HOMES = (
    ("advocate", "inbox.items"),
    ("staff", "tasks.tasks"),
    ("designer", "designer.processes"),
    ("manager", "insights.overview"),
    ("operator", "operations.overview"),
    ("admin", "admin.people"),
)
"""Role -> where its work is; a person with several roles lands at the first."""
