"""What a production start refuses (OWASP ASVS 5.0, V13): weak keys, debugging, plain cookies, shared SQLite."""

import os
from collections.abc import Mapping
from ipaddress import ip_address

from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings, is_strong_key
from bpm.foundation.texts import _

LOCAL_NAMES = frozenset({"localhost", ""})


def demand_fit(settings: Settings, *, is_worker: bool = False, environment: Mapping[str, str] = os.environ) -> None:
    """Raise EarshotError with every reason and its remedy, where EARSHOT_PRODUCTION is true; else ask for nothing."""
    if not settings.production:
        return
    found = [
        *_weak_key(settings),
        *_debugging(settings, environment),
        *_plain_cookies(settings),
        *_shared_sqlite(settings, is_worker=is_worker),
    ]
    if found:
        raise EarshotError(_("This is no way to start in production."), remedy=" ".join(found))


def advice(settings: Settings, host: str) -> str:
    """What to tell whoever opens a start that is not called production to others; empty for one's own machine."""
    if settings.production or settings.trusted_proxy or _is_own(host):
        return ""
    return _("Others can reach this. Set EARSHOT_PRODUCTION=true, and it refuses to start in an unsafe way.")


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES


def _weak_key(settings: Settings) -> list[str]:
    path = settings.home / "secret_key"
    if settings.secret_key or not path.exists() or is_strong_key(path.read_text().strip()):
        return []
    return [_("EARSHOT_SECRET_KEY: the key in EARSHOT_HOME is weak; set one, as from: openssl rand -base64 48.")]


def _debugging(settings: Settings, environment: Mapping[str, str]) -> list[str]:
    found = []
    if settings.log_level == "DEBUG":
        found.append(_("EARSHOT_LOG_LEVEL: DEBUG writes down what people sent; set INFO."))
    if environment.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}:
        found.append(_("FLASK_DEBUG: take it out; it shows code and values to visitors."))
    return found


def _plain_cookies(settings: Settings) -> list[str]:
    if settings.secure_cookies:
        return []
    return [_("EARSHOT_SECURE_COOKIES: set true and put HTTPS in front; else sessions travel in the open.")]


def _shared_sqlite(settings: Settings, *, is_worker: bool) -> list[str]:
    if not settings.url.startswith("sqlite") or (settings.processes() == 1 and not is_worker):
        return []
    if is_worker:
        return [_("EARSHOT_DATABASE_URL: SQLite is for one process; leave the worker inside earshot serve.")]
    return [_("EARSHOT_WEB_PROCESSES: SQLite is for one process; set 1, or EARSHOT_DATABASE_URL to PostgreSQL.")]
