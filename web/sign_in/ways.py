"""Which ways in there are, for the pages that offer them."""

from dataclasses import dataclass

from flask import Flask

from web.core.request_context import product


@dataclass(frozen=True)
class Ways:
    """Whether passwords are taken, and the name of the provider; empty without one."""

    passwords: bool
    provider: str


def set_up(app: Flask) -> None:
    app.jinja_env.globals["sign_in_ways"] = ways


def ways() -> Ways:
    """As the settings say."""
    settings = product().settings
    return Ways(settings.password_sign_in, settings.oidc_name if settings.oidc_issuer else "")
