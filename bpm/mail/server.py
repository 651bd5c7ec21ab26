"""The mail server as the settings name it, its password, and the addresses of our own pages in mails."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from bpm import audit
from bpm.foundation.errors import NotFoundError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Work
from bpm.secrets import Owner, forget_secret, get_secret, put_secret

PASSWORD = Owner("smtp", "password")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""By how the connection is secured: RFC 6409, RFC 8314, RFC 5321."""
NOT_SET_UP = "Set EARSHOT_SMTP_HOST and EARSHOT_SMTP_FROM, then: earshot mail test you@example.com"
"""The remedy where mail is not set up."""


@dataclass(frozen=True)
class Server:
    """Where mails are handed over, and as whom."""

    host: str
    port: int
    tls: str
    sender: str
    """As in From: with or without a name."""
    user: str = ""
    password: str = field(default="", repr=False)
    second: "Server | None" = None
    """Who takes a mail that this one cannot be reached for."""

    @property
    def envelope_sender(self) -> str:
        return parseaddr(self.sender)[1]


def is_set_up(settings: Settings) -> bool:
    """Whether mails can go out."""
    return bool(settings.smtp_host and settings.smtp_from)


def find_server(work: Work) -> Server | None:
    """The mail server; None when mail is not set up. SecretUnreadableError when its password cannot be opened."""
    settings = work.settings
    if not is_set_up(settings):
        return None
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port or PORTS[settings.smtp_tls],
        tls=settings.smtp_tls,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=_password(work) if settings.smtp_user else "",
        second=_second(settings),
    )


def _second(settings: Settings) -> Server | None:
    """The one of the setting, whose name and password are written as in an address (RFC 3986, 3.2)."""
    if not settings.smtp_second:
        return None
    told = urlsplit(settings.smtp_second)
    return Server(
        host=told.hostname or "", port=told.port or PORTS[told.scheme], tls=told.scheme, sender=settings.smtp_from,
        user=unquote(told.username or ""), password=unquote(told.password or ""),
    )  # fmt: skip


def _password(work: Work) -> str:
    """As the setting says; without one, as it was sealed."""
    if work.settings.smtp_password:
        return work.settings.smtp_password
    try:
        return get_secret(work, PASSWORD)
    except NotFoundError:
        return ""


def keep_password(work: Work, password: str) -> None:
    """Seal the password of the mail server; an empty one takes it away."""
    audit.record(
        work, "mail.password", audit.Thing("mail server", work.settings.smtp_host), after={"kept": bool(password)}
    )
    if password:
        put_secret(work, PASSWORD, password)
    else:
        forget_secret(work, PASSWORD)


def domain_of(settings: Settings) -> str:
    """The domain that Message-IDs are made under."""
    domain = parseaddr(settings.smtp_from)[1].rpartition("@")[2]
    return domain or urlsplit(settings.public_url).hostname or "earshot.invalid"


def public_link(settings: Settings, path: str) -> str:
    """The address of one of our pages as a mail has to name it; `path` begins with a slash."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}") + path
