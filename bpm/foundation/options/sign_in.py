"""The settings of how people come in and how long they stay in: a part of `bpm.foundation.settings`."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bpm.foundation.texts import _

_PAIRS = re.compile(r"(\s*[^=;]+=\s*[\w-]+\s*(;|$))*")


class SignInSettings(BaseSettings):
    """Sessions, second factors, passwords and the OpenID provider."""

    secure_cookies: bool = Field(
        default=False,
        description="Cookies are sent over HTTPS only, but over plain http on this very machine; true: there, too.",
    )
    session_idle_minutes: int = Field(
        480, ge=1, le=1440, description="Minutes without a page after which people are signed out."
    )
    session_idle_minutes_privileged: int = Field(
        30, ge=1, le=1440, description="The same for administrators and designers."
    )
    session_hours: int = Field(12, ge=1, le=168, description="Hours after which everybody signs in anew.")
    second_factor_roles: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Roles that sign in with a second factor, separated by commas, as admin,designer."
    )
    password_sign_in: bool = Field(default=True, description="Whether people may sign in by a password kept here.")
    oidc_issuer: str = Field("", description="Issuer of the OpenID provider that people may sign in by; empty: none.")
    oidc_client_id: str = Field("", description="Earshot's client id at the provider.")
    oidc_name: str = Field("your company's account", description="What the button to the provider calls it.")
    oidc_scopes: str = Field("openid email profile", description="Scopes that the provider is asked for.")
    oidc_claim: str = Field("groups", description="Claim of the provider that roles and groups are read from.")
    oidc_roles: str = Field("", description="Roles by values of that claim, as earshot-admins=admin; support=staff")
    oidc_groups: str = Field("", description="Groups by values of that claim, as support=service; it-crew=it")
    oidc_factors: Annotated[tuple[str, ...], NoDecode] = Field(
        ("mfa", "otp", "hwk", "swk", "fpt", "face"),
        description="Values of amr and acr by which the provider says that it asked for a second factor.",
    )
    oidc_sign_out: bool = Field(
        default=True, description="Whether who came by the provider is signed out there, too, when they sign out here."
    )
    oidc_makes_people: bool = Field(
        default=False, description="Whether somebody unknown who comes by the provider becomes a person here."
    )

    @field_validator("second_factor_roles", "oidc_factors", mode="before")
    @classmethod
    def _parts(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("oidc_roles", "oidc_groups")
    @classmethod
    def _mapping(cls, value: str) -> str:
        if not _PAIRS.fullmatch(value):
            raise ValueError(_("value=role or group, several separated by semicolons"))
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if value and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local))):
            raise ValueError(_("an https address; http on this very machine alone"))
        return value.rstrip("/") if value.startswith("http") and parts.path in {"", "/"} else value

    def roles_by_claim(self) -> dict[str, str]:
        """Value of the claim -> role."""
        return _pairs(self.oidc_roles)

    def groups_by_claim(self) -> dict[str, str]:
        """Value of the claim -> key of a group."""
        return _pairs(self.oidc_groups)


def _pairs(written: str) -> dict[str, str]:
    parts = (part.rpartition("=") for part in written.split(";") if part.strip())
    return {name.strip(): target.strip() for name, _, target in parts}
