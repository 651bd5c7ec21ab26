"""Whole addresses of pages, for mails and for other systems: by the setting, or as the browser reached this machine."""

from typing import Any

from flask import request, url_for

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from web.core.request_context import product
from web.core.sessions.cookies import is_plain_loopback


def whole_url(endpoint: str, **values: Any) -> str:
    """The address with host; InvalidInputError where only the browser says which host that is: it may be made up."""
    base = product().settings.public_url
    if not base and not is_plain_loopback():
        raise InvalidInputError(
            _("Earshot does not know its own address."),
            remedy=_("Set EARSHOT_PUBLIC_URL, as https://earshot.example.com."),
        )
    return f"{base or request.url_root.rstrip('/')}{url_for(endpoint, **values)}"
