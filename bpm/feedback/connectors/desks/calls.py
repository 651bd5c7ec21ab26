"""Calls that are signed without a time: nothing in them is new the second time, for items are known by their ids."""

import hashlib
import hmac

from bpm.foundation.errors import ForbiddenError
from bpm.foundation.texts import _


def demand_sha1(secret: str, body: bytes, signature: str, *, place: str) -> None:
    """ForbiddenError unless the signature is `sha1=` and the HMAC-SHA1 of the body."""
    expected = f"sha1={hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}"
    if not hmac.compare_digest(expected.encode(), signature.strip().lower().encode()):
        raise ForbiddenError(
            _("The signature does not fit."),
            place=place,
            remedy=_("Give the same token here and over there."),
        )
