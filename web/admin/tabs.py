"""The pages of administration, as tabs."""

from flask import request, url_for

from bpm.foundation.texts import _
from web.admin.blueprint import blueprint
from web.core.rendering import Choice, has_endpoint


@blueprint.app_template_global("admin_tabs")
def admin_tabs() -> tuple[Choice, ...]:
    """One for each page that there is."""
    pages = (
        ("admin.people", _("People")),
        ("admin.groups", _("Groups")),
        ("admin.roles", _("Roles")),
        ("admin.grants", _("Access")),
        ("admin.calendars", _("Calendars")),
        ("admin.targets", _("Service targets")),
        ("admin.answer_targets", _("Answer targets")),
        ("admin.senders", _("Senders of mail")),
        ("admin.service_tokens", _("Tokens of services")),
        ("audit.trail", _("Audit trail")),
    )
    return tuple(
        Choice(label, url_for(endpoint), request.path.startswith(url_for(endpoint)))
        for endpoint, label in pages
        if has_endpoint(endpoint)
    )
