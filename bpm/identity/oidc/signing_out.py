"""Signing out at the provider, and being told by it that somebody did.

Sources: OpenID Connect RP-Initiated Logout 1.0, 2 and 3; OpenID Connect Back-Channel Logout 1.0, 2.4 to 2.6.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc.errors import JoseError

from bpm.foundation.texts import _
from bpm.identity.oidc.exchange import LEEWAY, signed_by
from bpm.identity.oidc.provider import ProviderError, ProviderKnowledge

EVENT = "http://schemas.openid.net/event/backchannel-logout"
FRESH = timedelta(minutes=5)
"""How old a word of the provider may be: what is replayed later ends nothing."""

LONGEST_HINT = 2_000
"""Characters of a token that go along in an address: many proxies and servers refuse lines of some thousand more."""


@dataclass(frozen=True)
class Ended:
    """Whose session ended at the provider: by its own name for the session, by the person, or both."""

    issuer: str
    subject: str
    session: str


def leave(knowledge: ProviderKnowledge, client_id: str, *, id_token: str, back: str) -> tuple[str, str] | None:
    """(address to send somebody to, the state that comes back with them); None where the provider offers no such way.

    Without `id_token`, and with one longer than proxies take in an address, the provider knows by `client_id` who asks,
    and asks the person whether they mean it (RP-Initiated Logout 1.0, 2: the hint is recommended, not needed).
    """
    endpoint = str(knowledge.metadata().get("end_session_endpoint") or "")
    if not endpoint:
        return None
    state = secrets.token_urlsafe(24)
    query = {"post_logout_redirect_uri": back, "state": state, "client_id": client_id}
    query |= {"id_token_hint": id_token} if 0 < len(id_token) <= LONGEST_HINT else {}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", state


def take_word(knowledge: ProviderKnowledge, client_id: str, *, token: str, now: datetime) -> Ended:
    """What a logout token says, verified; ProviderError says why it is not to be trusted."""
    try:
        claims = signed_by(knowledge, token).claims
        wrong = _wrong(claims, knowledge.issuer, client_id, now)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        wrong = str(error)[:200] or type(error).__name__
    if wrong:
        raise ProviderError(_("This is no word of the provider: %(why)s.") % {"why": wrong})
    return Ended(str(claims["iss"]), str(claims.get("sub") or ""), str(claims.get("sid") or ""))


def _wrong(claims: dict[str, Any], issuer: str, client_id: str, now: datetime) -> str:
    audience = claims.get("aud")
    at, until = int(claims["iat"]), int(claims.get("exp") or claims["iat"] + FRESH.total_seconds())
    events = claims.get("events")
    checks = {
        "iss": claims.get("iss") == issuer,
        "aud": client_id in (audience if isinstance(audience, list) else [audience]),
        "iat": -LEEWAY <= now.timestamp() - at <= FRESH.total_seconds() + LEEWAY,
        "exp": now.timestamp() <= until + LEEWAY,
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        "nonce": "nonce" not in claims,
        "sub or sid": bool(claims.get("sub") or claims.get("sid")),
        "jti": bool(claims.get("jti")),
    }
    return ", ".join(name for name, is_right in checks.items() if not is_right)
