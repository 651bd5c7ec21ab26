"""Every kind of connection, by name."""

from bpm.feedback.connectors import bluesky, chatwoot, imap, mastodon, telegram, web_address, zammad
from bpm.feedback.connectors.kind import Kind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

KINDS: dict[str, Kind] = {
    each.name: each
    for each in (imap.KIND, mastodon.KIND, bluesky.KIND, chatwoot.KIND, zammad.KIND, telegram.KIND, web_address.KIND)
}


def get_kind(name: str) -> Kind:
    """The kind of that name, or InvalidInputError."""
    if name not in KINDS:
        raise InvalidInputError(
            _("%(name)r is no kind of source.") % {"name": name},
            place="kind",
            remedy=_("Use one of %(names)s.") % {"names": ", ".join(KINDS)},
        )
    return KINDS[name]
