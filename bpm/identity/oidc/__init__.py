"""Signing in by an OpenID provider (OpenID Connect Core 1.0, code flow with PKCE)."""

from bpm.identity.oidc.accounts import find_or_link, link_account, list_accounts, unlink_account
from bpm.identity.oidc.exchange import Claims, Sent, ask, take_answer
from bpm.identity.oidc.provider import ProviderError, ProviderKnowledge, client_secret, keep_client_secret

__all__ = [
    "Claims",
    "ProviderError",
    "ProviderKnowledge",
    "Sent",
    "ask",
    "client_secret",
    "find_or_link",
    "keep_client_secret",
    "link_account",
    "list_accounts",
    "take_answer",
    "unlink_account",
]
