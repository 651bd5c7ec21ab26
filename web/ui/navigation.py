"""The rooms of the left rail and where each role's work is."""

from dataclasses import dataclass

from bpm.foundation.texts import _
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
    NavigationEntry("Cases", "cases.cases", Permission.SEE_PROCESSES, "/cases", "cases"),
    NavigationEntry("Insights", "insights.overview", Permission.INSIGHTS, "/insights", "insights"),
    NavigationEntry(
        _("Improvements"), "improvements.improvement_list", Permission.SEE_PROCESSES, "/improvements", "idea"
    ),
    NavigationEntry("Operations", "operations.overview", Permission.OPERATE, "/operations", "operations"),
    NavigationEntry("Admin", "admin.people", Permission.ADMIN, "/admin/people", "admin"),
    NavigationEntry("Audit", "audit.trail", Permission.AUDIT, "/admin/audit", "search"),
)

MORE = (
    NavigationEntry(_("Add feedback by hand"), "inbox.capture", Permission.SIGNED_IN, "/inbox", "inbox"),
    NavigationEntry(_("Customers"), "customers.customers", Permission.SEE_FEEDBACK, "/customers", "inbox"),
    NavigationEntry(_("Promises to customers"), "promises.promises", Permission.SEE_FEEDBACK, "/promises", "inbox"),
    NavigationEntry(_("Who may be one"), "customers.proposals", Permission.SEE_FEEDBACK, "/customers", "inbox"),
    NavigationEntry(_("Held apart and blocked"), "customers.held", Permission.SEE_FEEDBACK, "/customers", "inbox"),
    NavigationEntry(_("Own addresses, voices of sources"), "customers.own", Permission.IMPORT, "/customers", "inbox"),
    NavigationEntry(_("How long private data is kept"), "customers.keeping", Permission.RAW, "/customers", "inbox"),
    NavigationEntry(_("Reasons to talk, and who can"), "inbox.reasons", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Learning: would and was decided"), "inbox.learning", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Outbox"), "outbox.messages", Permission.ANSWER, "/outbox", "inbox"),
    NavigationEntry(_("Told before they ask"), "hold_outs.ahead", Permission.ANSWER, "/outbox", "inbox"),
    NavigationEntry(_("Answers to approve"), "outbox.approvals", Permission.ANSWER, "/outbox", "inbox"),
    NavigationEntry(_("Tags"), "inbox.tag_list", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Playbooks"), "playbooks.listing", Permission.SEE_FEEDBACK, "/playbooks", "inbox"),
    NavigationEntry(_("New playbook"), "playbooks.new", Permission.ANSWER, "/playbooks", "inbox"),
    NavigationEntry(_("Templates of replies"), "outbox.templates", Permission.ANSWER, "/outbox", "inbox"),
    NavigationEntry(_("New template"), "outbox.new_template", Permission.ANSWER, "/outbox", "inbox"),
    NavigationEntry(_("Goodwill"), "goodwill.overview", Permission.SEE_FEEDBACK, "/goodwill", "inbox"),
    NavigationEntry(_("Routing: with whom feedback lands"), "inbox.table", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("The model in service"), "inbox.model", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Praise"), "praise.praise", Permission.SEE_FEEDBACK, "/praise", "inbox"),
    NavigationEntry(_("Themes"), "themes.listing", Permission.SEE_FEEDBACK, "/themes", "inbox"),
    NavigationEntry(_("Topics, and how complex each is"), "inbox.topics", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Channel advisor"), "inbox.advice", Permission.SEE_FEEDBACK, "/inbox", "inbox"),
    NavigationEntry(_("Call guards"), "guards.guards_list", Permission.SEE_PROCESSES, "/processes", "processes"),
    NavigationEntry(_("Incidents"), "incidents.incidents_list", Permission.SEE_FEEDBACK, "/incidents", "inbox"),
    NavigationEntry(
        _("Disturbances in public"), "disturbances.disturbances", Permission.SEE_FEEDBACK, "/incidents", ""
    ),
    NavigationEntry(_("Imports"), "imports.runs", Permission.IMPORT, "/inbox", "inbox"),
    NavigationEntry(_("Saved mappings"), "imports.mappings", Permission.IMPORT, "/inbox", ""),
    NavigationEntry(_("Sources"), "sources.sources", Permission.IMPORT, "/inbox", "inbox"),
    NavigationEntry(_("Forms on web sites"), "webforms.forms", Permission.IMPORT, "/inbox", "inbox"),
    NavigationEntry(_("Unanswered for 2 days or more"), "insights.black_holes", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Suggested links"), "suggestions.waiting", Permission.SEE_FEEDBACK, "/insights", ""),
    NavigationEntry(_("Which case caused this?"), "case_causes.asked", Permission.SEE_FEEDBACK, "/insights", ""),
    NavigationEntry(_("Not linked to any process"), "insights.between", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Board of gates"), "improvements.dmaic_board", Permission.SEE_PROCESSES, "/improvements", ""),
    NavigationEntry(
        _("Talks with customers, by manager"), "improvements.all_talks", Permission.INSIGHTS, "/improvements", ""
    ),
    NavigationEntry(_("Wins"), "improvements.wins_list", Permission.SEE_PROCESSES, "/improvements", ""),
    NavigationEntry(
        _("From signal to effect: lead times"),
        "improvements.lead_times_page",
        Permission.SEE_PROCESSES,
        "/improvements",
        "",
    ),
    NavigationEntry(
        _("Public board: you said, we did"), "board_entries.entries", Permission.INSIGHTS, "/improvements", ""
    ),
    NavigationEntry(_("Surveys, and bad ends"), "surveys.overview", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Knowledge"), "knowledge.articles", Permission.SEE_FEEDBACK, "/knowledge", ""),
    NavigationEntry(_("Answers that differ"), "knowledge.differences", Permission.SEE_FEEDBACK, "/knowledge", ""),
    NavigationEntry(_("Names that customers may read"), "portal.names", Permission.INSIGHTS, "/inbox", "inbox"),
    NavigationEntry(_("Reports"), "reports.report", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Measures and KPIs"), "reports.measures", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Are all answered alike?"), "reports.equity", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Between departments"), "departments.departments", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Of unknown date"), "insights.undated", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Processes elsewhere"), "elsewhere.processes", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(
        _("Rollouts: two versions live at once"), "rollouts.overview", Permission.INSIGHTS, "/insights", ""
    ),
    NavigationEntry(_("Verdicts on changes"), "verdicts.verdict_list", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Ask before a change"), "verdicts.new", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("A against A"), "verdict_acts.self_test", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Who helps on what"), "influence.topics", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Perception gap"), "perception.studies", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Maturity"), "maturity.path", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Alarms"), "alarms.alarm_list", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("What would n do?"), "charts.what_n", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Costs: cases, conversations, budget"), "economics.costs", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Rates and budgets"), "economics.plan", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("What would you stop doing?"), "economics.stop", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Causes of contact"), "economics.causes", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Demand and spend by channel"), "economics.channels", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("Capacity and limits of open tasks"), "economics.capacity", Permission.INSIGHTS, "/insights", ""),
    NavigationEntry(_("All functions at once"), "ownership.rollup", Permission.ROLL_UP, "/insights", ""),
    NavigationEntry(_("Goals"), "ownership.goals", Permission.SEE_PROCESSES, "/improvements", ""),
    NavigationEntry(_("Whose processes are"), "ownership.everywhere", Permission.SEE_PROCESSES, "/processes", ""),
    NavigationEntry(_("Customers’ own processes"), "own_ways.listing", Permission.SEE_FEEDBACK, "/improvements", ""),
    NavigationEntry(_("Draft replies"), "links.drafts", Permission.ANSWER, "/insights", ""),
    NavigationEntry(_("Failures"), "operations.failures", Permission.OPERATE, "/operations", ""),
    NavigationEntry(_("Bulk actions"), "operations.batches", Permission.OPERATE, "/operations", ""),
    NavigationEntry(_("Outgoing mail"), "operations.mail", Permission.OPERATE, "/operations", ""),
    NavigationEntry(_("Notices"), "notices.notice_list", Permission.SIGNED_IN, "/notices", "bell"),
    NavigationEntry(_("How notices reach you"), "notices.preferences", Permission.SIGNED_IN, "/notices", "bell"),
    NavigationEntry(_("Groups"), "admin.groups", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Roles"), "admin.roles", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Who may what, and where"), "admin.grants", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Calendars: working hours and holidays"), "admin.calendars", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("New calendar"), "admin.new_calendar", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Service targets"), "admin.targets", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Answer targets"), "admin.answer_targets", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Senders of mail"), "admin.senders", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("New sender of mail"), "admin.new_sender", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Tokens of services"), "admin.service_tokens", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Tokens of yours, for programs"), "profile.tokens", Permission.SIGNED_IN, "/profile", "admin"),
    NavigationEntry(_("Remove the demo"), "demo.page", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Invite a person"), "admin.invite_page", Permission.ADMIN, "/admin", "admin"),
    NavigationEntry(_("Absence and deputy"), "tasks.absence", Permission.WORK, "/tasks", "tasks"),
    NavigationEntry(_("My profile"), "profile.profile", Permission.SIGNED_IN, "/profile", "admin"),
    NavigationEntry(_("My second factor"), "profile.second_factor", Permission.SIGNED_IN, "/profile", "admin"),
    NavigationEntry(_("Search"), "search.search", Permission.SIGNED_IN, "/search", "search"),
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
