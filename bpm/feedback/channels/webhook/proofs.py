"""How tools that cannot sign as we ask prove that they know the secret: Typeform's signature, else the secret itself.

Typeform signs the body alone: `Typeform-Signature: sha256=` and the base64 of the HMAC-SHA256 (typeform.com/developers,
secure your webhooks). Zendesk, Qualtrics and others send `Authorization: Bearer` and the secret. Neither is fresh by
itself; a call that comes again finds its items already there.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from bpm.feedback.channels.webhook.reader import verify
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.texts import _

NAMES = ("x-earshot-timestamp", "x-earshot-signature", "typeform-signature", "authorization")
"""Headers that prove something, in small letters."""


def prove(secret: str, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
    """ForbiddenError unless the headers (names in small letters) prove the secret; our own signature counts first."""
    typeform, authorization = headers.get("typeform-signature", ""), headers.get("authorization", "")
    if headers.get("x-earshot-signature") or not (typeform or authorization):
        timestamp, signature = headers.get("x-earshot-timestamp", ""), headers.get("x-earshot-signature", "")
        verify(secret, body, timestamp=timestamp, signature=signature, now=now)
        return
    place = "Typeform-Signature" if typeform else "Authorization"
    expected, told = f"Bearer {secret}", authorization.strip()
    if typeform:
        seal = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        expected, told = f"sha256={base64.b64encode(seal).decode()}", typeform.strip()
    if not hmac.compare_digest(expected.encode(), told.encode()):
        raise ForbiddenError(
            _("The signature does not fit."), place=place, remedy=_("Give this source's secret over there, whole.")
        )
