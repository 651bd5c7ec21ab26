"""Signing in by an OpenID provider (OpenID Connect Core 1.0, code flow with PKCE)."""

from bpm.identity.oidc.accounts import find_or_link, link_account, list_accounts, person_of, unlink_account
from bpm.identity.oidc.exchange import Claims, Sent, ask, take_answer
from bpm.identity.oidc.provider import ProviderError, ProviderKnowledge, client_secret, keep_client_secret
from bpm.identity.oidc.second_step import FromProvider, forget_arrivals, keep_arrival, take_arrival
from bpm.identity.oidc.signing_out import Ended, leave, take_word

__all__ = [
    "Claims",
    "Ended",
    "FromProvider",
    "ProviderError",
    "ProviderKnowledge",
    "Sent",
    "ask",
    "client_secret",
    "find_or_link",
    "forget_arrivals",
    "keep_arrival",
    "keep_client_secret",
    "leave",
    "link_account",
    "list_accounts",
    "person_of",
    "take_answer",
    "take_arrival",
    "take_word",
    "unlink_account",
]
