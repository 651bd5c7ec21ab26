"""What a provider says about itself: its addresses and keys, asked for through the one door and kept for a while."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bpm import secrets
from bpm.foundation.clock import Clock
from bpm.foundation.errors import EarshotError, NotFoundError
from bpm.foundation.http.client import Answer, OutboundClient
from bpm.foundation.texts import _
from bpm.foundation.work import Work

KEPT_FOR = timedelta(hours=1)
AGAIN_AFTER = timedelta(seconds=30)
"""How long the keys are not asked for again because a token names one that is unknown."""
_SECRET = secrets.Owner("oidc", "client")


class ProviderError(EarshotError):
    """The provider does not answer, or says what does not fit; nobody was signed in."""


def keep_client_secret(work: Work, secret: str) -> None:
    """Seal the secret that the provider gave Earshot."""
    secrets.put_secret(work, _SECRET, secret)


def client_secret(work: Work) -> str:
    """The secret that the provider gave Earshot; empty for a public client, which PKCE alone protects."""
    try:
        return secrets.get_secret(work, _SECRET)
    except NotFoundError:
        return ""


@dataclass
class ProviderKnowledge:
    """What is known of the provider in this process; safe from any thread."""

    issuer: str
    door: OutboundClient
    clock: Clock
    _lock: Lock = field(default_factory=Lock)
    _metadata: Mapping[str, Any] = field(default_factory=dict)
    _metadata_at: datetime | None = None
    _keys: KeySet | None = None
    _keys_at: datetime | None = None

    def metadata(self) -> Mapping[str, Any]:
        """The provider's own description (OpenID Connect Discovery 1.0, 4); ProviderError if it is another's."""
        with self._lock:
            if self._metadata_at is None or self.clock.now() - self._metadata_at > KEPT_FOR:
                self._metadata = self._described()
                self._metadata_at = self.clock.now()
            return self._metadata

    def _described(self) -> Mapping[str, Any]:
        said = self._json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:
            raise ProviderError(
                _("The provider calls itself %(name)s.") % {"name": str(said.get("issuer"))[:200]},
                remedy=_("Set EARSHOT_OIDC_ISSUER to exactly that, if it is the right one."),
            )
        missing = [name for name in ("authorization_endpoint", "token_endpoint", "jwks_uri") if not said.get(name)]
        if missing:
            raise ProviderError(_("The provider does not name its %(names)s.") % {"names": ", ".join(missing)})
        return said

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that it signs with; `anew` when a token names one that is unknown: it may have changed them."""
        uri = str(self.metadata()["jwks_uri"])
        with self._lock:
            age = None if self._keys_at is None else self.clock.now() - self._keys_at
            if self._keys is None or age is None or age > (AGAIN_AFTER if anew else KEPT_FOR):
                try:
                    self._keys = KeySet.import_key_set(cast("Any", self._json(uri)))
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise ProviderError(_("The provider's keys cannot be read.")) from error
                self._keys_at = self.clock.now()
            return self._keys

    def _json(self, url: str) -> dict[str, Any]:
        return as_json(self.door.request("GET", url, headers={"accept": "application/json"}))


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer's object; ProviderError for any other answer."""
    try:
        said = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderError(
            _("The provider answered %(url)s with status %(status)s and no usable content.")
            % {"url": answer.url[:200], "status": answer.status},
            remedy=_("Try again; if it stays, tell an administrator."),
        )
    return said
