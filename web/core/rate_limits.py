"""How often one person or address may ask for what is dear; every number stands here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from flask import Flask, current_app, request

from bpm.foundation.errors import EarshotError
from bpm.foundation.rates.limits import RateLimits
from bpm.foundation.rates.windows import RateWindows
from bpm.identity.login_throttle import network_of
from web.core.request_context import EarshotFlask, actor

View = TypeVar("View", bound=Callable[..., Any])
Name = Literal["sign-in", "mailed-link", "webhook", "form", "download", "upload", "api", "portal", "portal-code"]


@dataclass(frozen=True)
class Rule:
    """One bound: `amount/[n]unit`, and whose requests are counted together."""

    bound: str
    counted_by: Literal["address", "person"]


RULES: dict[str, Rule] = {
    "sign-in": Rule("600/5minute", "address"),  # a company at nine o'clock; wrong passwords have narrower bounds
    "mailed-link": Rule("20/hour", "address"),  # each may send a mail to somebody
    "webhook": Rule("30000/minute", "address"),  # five times what a large help desk sends
    "form": Rule("120/hour", "address"),  # a person writes one; a whole office may sit behind one address
    "download": Rule("600/minute", "person"),  # drawings on pages are fetched as files, too
    "upload": Rule("120/minute", "person"),  # files attached to tasks
    "portal": Rule("600/hour", "address"),  # a person reads and writes a little; a whole family may sit behind it
    "portal-code": Rule("30/hour", "address"),  # each may send a mail to somebody, or is a try at a code
    "api": Rule("600/minute", "address"),  # what stands under /api and names no rule of its own
}


def limited(name: Name) -> Callable[[View], View]:
    """Count the requests of a route against the rule of that name, before anything else is done for them."""

    def mark(view: View) -> View:
        view.__dict__["rate_limit"] = name
        return view

    return mark


def set_up(app: Flask) -> None:
    """Count before each request; the setting EARSHOT_RATE_LIMITS overrides the numbers."""
    house = cast("EarshotFlask", app).product
    bounds = {name: rule.bound for name, rule in RULES.items()} | house.settings.rate_limit_bounds()
    unknown = sorted(bounds.keys() - RULES.keys())
    if unknown:
        raise EarshotError(f"EARSHOT_RATE_LIMITS names {', '.join(unknown)}.", remedy=f"There are {', '.join(RULES)}.")
    limits = RateLimits(
        RateWindows(house.database, house.clock), {name: bound for name, bound in bounds.items() if bound != "off"}
    )
    app.extensions["rate limits"] = limits
    app.before_request(_count)


def rule_of(endpoint: str) -> str:
    """The name of the rule that a route is counted against; empty for most."""
    view = current_app.view_functions[endpoint]
    return str(getattr(view, "rate_limit", "api" if endpoint.partition(".")[0] == "api" else ""))


def _count() -> None:
    if request.endpoint is None:
        return
    name = rule_of(request.endpoint)
    if name:
        cast("RateLimits", current_app.extensions["rate limits"]).count(name, _caller(RULES[name]))


def _caller(rule: Rule) -> str:
    """Whose request this is; who is not signed in counts by address."""
    if rule.counted_by == "person" and actor().is_person:
        return f"person {actor().user_id}"
    return f"address {network_of(request.remote_addr or '')}"
