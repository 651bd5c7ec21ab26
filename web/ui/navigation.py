"""The rooms of the left rail and where each role's work is."""

from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.identity import Permission


@dataclass(frozen=True)
class Page:
    """A page without a thing of its own; shown when its endpoint exists and the person has the permission."""

    label: str
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class Room(Page):
    """An entry of the rail; `paths`: how the addresses of its pages begin."""

    icon: str
    paths: tuple[str, ...]


ENTRIES = (
    Room(
        "Inbox", "inbox.items", Permission.SEE_FEEDBACK, "inbox",
        ("/inbox", "/outbox", "/customers", "/conversations", "/promises", "/playbooks", "/themes", "/praise",
         "/goodwill", "/incidents", "/disturbances", "/knowledge", "/drafts"),
    ),
    Room("Tasks", "tasks.tasks", Permission.WORK, "tasks", ("/tasks",)),
    Room("Processes", "designer.processes", Permission.SEE_PROCESSES, "processes",
         ("/processes", "/guards", "/ownership", "/rollouts")),
    Room("Cases", "cases.cases", Permission.SEE_PROCESSES, "cases", ("/cases", "/instances")),
    Room("Insights", "insights.overview", Permission.INSIGHTS, "insights", ("/insights",)),
    Room(
        _("Improvements"), "improvements.improvement_list", Permission.SEE_PROCESSES, "idea",
        ("/improvements", "/goals", "/own-ways"),
    ),
    Room("Operations", "operations.overview", Permission.OPERATE, "operations", ("/operations",)),
    Room("Admin", "admin.people", Permission.ADMIN, "admin", ("/admin",)),
    Room("Audit", "audit.trail", Permission.AUDIT, "search", ("/admin/audit",)),
)  # fmt: skip

MORE = (
    Page(_("Add feedback by hand"), "inbox.capture", Permission.SIGNED_IN),
    Page(_("Customers"), "customers.customers", Permission.SEE_FEEDBACK),
    Page(_("Promises to customers"), "promises.promises", Permission.SEE_FEEDBACK),
    Page(_("Who may be one"), "customers.proposals", Permission.SEE_FEEDBACK),
    Page(_("Held apart and blocked"), "customers.held", Permission.SEE_FEEDBACK),
    Page(_("Own addresses, voices of sources"), "customers.own", Permission.IMPORT),
    Page(_("How long private data is kept"), "customers.keeping", Permission.RAW),
    Page(_("Reasons to talk, and who can"), "inbox.reasons", Permission.SEE_FEEDBACK),
    Page(_("Learning: would and was decided"), "inbox.learning", Permission.SEE_FEEDBACK),
    Page(_("Outbox"), "outbox.messages", Permission.ANSWER),
    Page(_("Told before they ask"), "hold_outs.ahead", Permission.ANSWER),
    Page(_("Answers to approve"), "outbox.approvals", Permission.ANSWER),
    Page(_("Tags"), "inbox.tag_list", Permission.SEE_FEEDBACK),
    Page(_("Playbooks"), "playbooks.listing", Permission.SEE_FEEDBACK),
    Page(_("New playbook"), "playbooks.new", Permission.ANSWER),
    Page(_("Templates of replies"), "outbox.templates", Permission.ANSWER),
    Page(_("New template"), "outbox.new_template", Permission.ANSWER),
    Page(_("Goodwill"), "goodwill.overview", Permission.SEE_FEEDBACK),
    Page(_("Routing: with whom feedback lands"), "inbox.table", Permission.SEE_FEEDBACK),
    Page(_("The model in service"), "inbox.model", Permission.SEE_FEEDBACK),
    Page(_("Praise"), "praise.praise", Permission.SEE_FEEDBACK),
    Page(_("Themes"), "themes.listing", Permission.SEE_FEEDBACK),
    Page(_("Topics, and how complex each is"), "inbox.topics", Permission.SEE_FEEDBACK),
    Page(_("Channel advisor"), "inbox.advice", Permission.SEE_FEEDBACK),
    Page(_("Call guards"), "guards.guards_list", Permission.SEE_PROCESSES),
    Page(_("Incidents"), "incidents.incidents_list", Permission.SEE_FEEDBACK),
    Page(_("Disturbances in public"), "disturbances.disturbances", Permission.SEE_FEEDBACK),
    Page(_("Imports"), "imports.runs", Permission.IMPORT),
    Page(_("Saved mappings"), "imports.mappings", Permission.IMPORT),
    Page(_("Sources"), "sources.sources", Permission.IMPORT),
    Page(_("Forms on web sites"), "webforms.forms", Permission.IMPORT),
    Page(_("Unanswered for 2 days or more"), "insights.black_holes", Permission.INSIGHTS),
    Page(_("Suggested links"), "suggestions.waiting", Permission.SEE_FEEDBACK),
    Page(_("Which case caused this?"), "case_causes.asked", Permission.SEE_FEEDBACK),
    Page(_("Not linked to any process"), "insights.between", Permission.INSIGHTS),
    Page(_("Board of gates"), "improvements.dmaic_board", Permission.SEE_PROCESSES),
    Page(_("Talks with customers, by manager"), "improvements.all_talks", Permission.INSIGHTS),
    Page(_("Wins"), "improvements.wins_list", Permission.SEE_PROCESSES),
    Page(_("From signal to effect: lead times"), "improvements.lead_times_page", Permission.SEE_PROCESSES),
    Page(_("Public board: you said, we did"), "board_entries.entries", Permission.INSIGHTS),
    Page(_("Surveys, and bad ends"), "surveys.overview", Permission.INSIGHTS),
    Page(_("Canned replies, and scores"), "canned.overview", Permission.INSIGHTS),
    Page(_("Knowledge"), "knowledge.articles", Permission.SEE_FEEDBACK),
    Page(_("Answers that differ"), "knowledge.differences", Permission.SEE_FEEDBACK),
    Page(_("Names that customers may read"), "portal.names", Permission.INSIGHTS),
    Page(_("Reports"), "reports.report", Permission.INSIGHTS),
    Page(_("Measures and KPIs"), "reports.measures", Permission.INSIGHTS),
    Page(_("Are all answered alike?"), "reports.equity", Permission.INSIGHTS),
    Page(_("Between departments"), "departments.departments", Permission.INSIGHTS),
    Page(_("Of unknown date"), "insights.undated", Permission.INSIGHTS),
    Page(_("Processes elsewhere"), "elsewhere.processes", Permission.INSIGHTS),
    Page(_("Rollouts: two versions live at once"), "rollouts.overview", Permission.INSIGHTS),
    Page(_("Verdicts on changes"), "verdicts.verdict_list", Permission.INSIGHTS),
    Page(_("Ask before a change"), "verdicts.new", Permission.INSIGHTS),
    Page(_("A against A"), "verdict_acts.self_test", Permission.INSIGHTS),
    Page(_("Who helps on what"), "influence.topics", Permission.INSIGHTS),
    Page(_("Perception gap"), "perception.studies", Permission.INSIGHTS),
    Page(_("Maturity"), "maturity.path", Permission.INSIGHTS),
    Page(_("Alarms"), "alarms.alarm_list", Permission.INSIGHTS),
    Page(_("What would n do?"), "charts.what_n", Permission.INSIGHTS),
    Page(_("Costs: cases, conversations, budget"), "economics.costs", Permission.INSIGHTS),
    Page(_("Rates and budgets"), "economics.plan", Permission.INSIGHTS),
    Page(_("What would you stop doing?"), "economics.stop", Permission.INSIGHTS),
    Page(_("Causes of contact"), "economics.causes", Permission.INSIGHTS),
    Page(_("Demand and spend by channel"), "economics.channels", Permission.INSIGHTS),
    Page(_("Capacity and limits of open tasks"), "economics.capacity", Permission.INSIGHTS),
    Page(_("All functions at once"), "ownership.rollup", Permission.ROLL_UP),
    Page(_("Goals"), "ownership.goals", Permission.SEE_PROCESSES),
    Page(_("Whose processes are"), "ownership.everywhere", Permission.SEE_PROCESSES),
    Page(_("Customers’ own processes"), "own_ways.listing", Permission.SEE_FEEDBACK),
    Page(_("Draft replies"), "links.drafts", Permission.ANSWER),
    Page(_("Failures"), "operations.failures", Permission.OPERATE),
    Page(_("Bulk actions"), "operations.batches", Permission.OPERATE),
    Page(_("Outgoing mail"), "operations.mail", Permission.OPERATE),
    Page(_("Notices"), "notices.notice_list", Permission.SIGNED_IN),
    Page(_("How notices reach you"), "notices.preferences", Permission.SIGNED_IN),
    Page(_("Groups"), "admin.groups", Permission.ADMIN),
    Page(_("Roles"), "admin.roles", Permission.ADMIN),
    Page(_("Who may what, and where"), "admin.grants", Permission.ADMIN),
    Page(_("Calendars: working hours and holidays"), "admin.calendars", Permission.ADMIN),
    Page(_("New calendar"), "admin.new_calendar", Permission.ADMIN),
    Page(_("Service targets"), "admin.targets", Permission.ADMIN),
    Page(_("Answer targets"), "admin.answer_targets", Permission.ADMIN),
    Page(_("Senders of mail"), "admin.senders", Permission.ADMIN),
    Page(_("New sender of mail"), "admin.new_sender", Permission.ADMIN),
    Page(_("Tokens of services"), "admin.service_tokens", Permission.ADMIN),
    Page(_("Tokens of yours, for programs"), "profile.tokens", Permission.SIGNED_IN),
    Page(_("Remove the demo"), "demo.page", Permission.ADMIN),
    Page(_("Invite a person"), "admin.invite_page", Permission.ADMIN),
    Page(_("Absence and deputy"), "tasks.absence", Permission.WORK),
    Page(_("My profile"), "profile.profile", Permission.SIGNED_IN),
    Page(_("My second factor"), "profile.second_factor", Permission.SIGNED_IN),
    Page(_("Search"), "search.search", Permission.SIGNED_IN),
)
"""Pages that are reached by the palette, beside those of the rail."""

STARTS = {entry.endpoint: entry.label for entry in ENTRIES}
"""Endpoint -> name of the pages that people may choose to begin with."""

HOMES = (
    ("advocate", "inbox.items"),
    ("staff", "tasks.tasks"),
    ("designer", "designer.processes"),
    ("manager", "insights.overview"),
    ("operator", "operations.overview"),
    ("chief_customer", "ownership.rollup"),
    ("admin", "admin.people"),
)
"""Role -> where its work is; a person with several roles lands at the first."""


def room_of(path: str) -> Room | None:
    """The room that a page's address belongs to: where several begin like it, the one that says most."""
    found = [(len(each), room) for room in ENTRIES for each in room.paths if f"{path}/".startswith(f"{each}/")]
    return max(found, key=lambda pair: pair[0])[1] if found else None
