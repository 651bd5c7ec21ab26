"""Sends somebody to the provider, and takes what they come back with: a code, traded for a token that is verified.

What is verified (OpenID Connect Core 1.0, 3.1.3.7; RFC 9700): the state of this very browser, the issuer of the answer
(RFC 9207), PKCE (RFC 7636), the token's signature by a key of the provider with an asymmetric algorithm, its issuer,
audience, authorised party, times, and nonce.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from bpm.foundation.texts import _
from bpm.identity.oidc.provider import ProviderError, ProviderKnowledge, as_json

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Never `none`, and none whose key is a secret that both sides know."""
LEEWAY = 60
"""Seconds by which the clocks may differ."""


@dataclass(frozen=True)
class Sent:
    """What was sent with somebody to the provider, kept by their browser until they come back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Client:
    """Earshot as the provider knows it; without a secret PKCE alone protects the code."""

    client_id: str
    redirect_uri: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Claims:
    """Who came, as the provider says."""

    issuer: str
    subject: str
    email: str
    """Empty unless the provider has verified it."""
    name: str
    username: str
    values: frozenset[str]
    """Of the claim that roles and groups are read from."""
    factors: frozenset[str]
    """What amr and acr say."""
    proven_at: datetime | None = None
    """When they proved themselves there, if the provider says so (`auth_time`)."""
    session: str = ""
    """What the provider calls its session (`sid`)."""
    id_token: str = field(default="", repr=False)
    """As it was given: the provider wants to see it again when the person signs out."""


def ask(knowledge: ProviderKnowledge, client: Client, *, scopes: str, anew: bool = False) -> tuple[str, Sent]:
    """(address to send somebody to, what to keep meanwhile); `anew`: they have to prove themselves there once more."""
    sent = Sent(*(secrets.token_urlsafe(32) for _part in range(3)))
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": scopes,
        "state": sent.state,
        "nonce": sent.nonce,
        "code_challenge": create_s256_code_challenge(sent.verifier),
        "code_challenge_method": "S256",
    } | ({"prompt": "login", "max_age": "0"} if anew else {})
    address = str(knowledge.metadata()["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", sent


def take_answer(
    knowledge: ProviderKnowledge,
    client: Client,
    *,
    sent: Sent | None,
    answer: Mapping[str, str],
    claim: str,
    now: datetime,
) -> Claims:
    """Who came back, verified; ProviderError says why not."""
    if sent is None or not secrets.compare_digest(sent.state.encode(), answer.get("state", "").encode()):
        raise ProviderError(
            _("This answer of the provider belongs to no sign-in of this browser."), remedy=_("Begin once more.")
        )
    if answer.get("iss", knowledge.issuer) != knowledge.issuer:
        raise ProviderError(_("This answer is another provider's."), remedy=_("Begin once more."))
    if answer.get("error") or not answer.get("code"):
        said = answer.get("error_description") or answer.get("error") or _("nothing")
        raise ProviderError(_("The provider refused: %(why)s.") % {"why": said[:200]}, remedy=_("Begin once more."))
    token = _trade(knowledge, client, code=answer["code"], verifier=sent.verifier)
    claims = _verified(knowledge, client, token=token, nonce=sent.nonce, now=now)
    return replace(_as_claims(claims, claim), id_token=str(token.get("id_token", "")))


def _trade(knowledge: ProviderKnowledge, client: Client, *, code: str, verifier: str) -> Mapping[str, Any]:
    """The code against the tokens, at the token endpoint (RFC 6749, 4.1.3)."""
    metadata = knowledge.metadata()
    uri = str(metadata["token_endpoint"])
    offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    method = basic if client.secret else "none"
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    plain = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    prepared = ClientAuth(client.client_id, client.secret, method).prepare("POST", uri, plain, urlencode(form))
    uri, headers, body = prepared
    return as_json(knowledge.door.request("POST", uri, headers=headers, body=str(body).encode()))


def _verified(
    knowledge: ProviderKnowledge, client: Client, *, token: Mapping[str, Any], nonce: str, now: datetime
) -> CodeIDToken:
    try:
        read = signed_by(knowledge, str(token.get("id_token", "")))
        expected = {
            "iss": {"essential": True, "value": knowledge.issuer},
            "aud": {"essential": True, "value": client.client_id},
            "sub": {"essential": True},
        }
        known = {"nonce": nonce, "client_id": client.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(read.claims, read.header, expected, known)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderError(
            _("The provider's token is not to be trusted: %(why)s.") % {"why": str(error)[:200]},
            remedy=_("Begin once more; if it stays, tell an administrator."),
        ) from error
    return claims


def signed_by(knowledge: ProviderKnowledge, written: str) -> jwt.Token:
    """A token whose signature is the provider's; JoseError for any other."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(written, key=knowledge.keys(), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(written, key=knowledge.keys(anew=True), registry=registry)


def _as_claims(claims: Mapping[str, Any], claim: str) -> Claims:
    listed = claims.get(claim) or []
    amr = claims.get("amr") or []
    factors = {*(amr if isinstance(amr, list) else [amr]), claims.get("acr")}
    return Claims(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims.get("email") or "").lower() if claims.get("email_verified") is True else "",
        name=str(claims.get("name") or "")[:200],
        username=str(claims.get("preferred_username") or claims.get("email") or "")[:80],
        values=frozenset(str(each) for each in (listed if isinstance(listed, list) else [listed])),
        factors=frozenset(str(each) for each in factors if each),
        session=str(claims.get("sid") or "")[:255],
        proven_at=datetime.fromtimestamp(int(claims["auth_time"]), UTC) if claims.get("auth_time") else None,
    )
