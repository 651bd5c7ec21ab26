"""Every setting of the product, read once from `EARSHOT_*` environment variables."""

import base64
import binascii
import os
import re
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.destinations import parse_allow_list
from bpm.foundation.options.sign_in import SignInSettings
from bpm.foundation.texts import _

MOST_BY_ITSELF = 8
"""Web processes that are forked without being asked for: each opens connections to the database."""
SHORTEST_KEY, FEWEST_CHARACTERS = 32, 10
"""Of the key that signs sessions: its length, and how many different characters are in it."""
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_DURATION = r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?"
_RETRIES = re.compile(rf"(\s*[^=;]+=R[1-9][0-9]?(/{_DURATION}(,{_DURATION})*)?\s*(;|$))*")


class Settings(SignInSettings):
    """Each field is `EARSHOT_<NAME>`; `earshot settings` lists them with their value and meaning.

    `repr=False` marks what must never be shown. A validator's message says what is expected instead.
    """

    model_config = SettingsConfigDict(env_prefix="EARSHOT_", frozen=True, extra="ignore", hide_input_in_errors=True)

    home: Path = Field(Path("./var"), description="Folder for the database and the keys.")
    database_url: str = Field("", repr=False, description="SQLAlchemy URL; empty: SQLite in EARSHOT_HOME.")
    database_connections: int = Field(
        32, ge=4, le=1000, description="Most PostgreSQL connections that one process opens for commands and pages."
    )
    secret_key: str = Field(
        "", repr=False, description="Signs sessions; empty: made once and kept in EARSHOT_HOME; at least 32 characters."
    )
    secrets_key: Annotated[tuple[bytes, ...], NoDecode] = Field(
        (),
        repr=False,
        description="Keys, separated by commas, that stored secrets are sealed with: the first seals, all open; "
        "empty: made once and kept in EARSHOT_HOME.",
    )
    outbound_allowed: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts, addresses and networks of one's own that requests to the outside may reach, "
        "separated by commas; all else has to be on the internet.",
    )
    host: str = Field("127.0.0.1", description="Address that `earshot serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `earshot serve` listens on.")
    threads: int = Field(24, ge=2, le=256, description="Threads of the web server, shared out among its processes.")
    web_processes: int = Field(
        0, ge=0, le=64, description="Processes of `earshot serve`; 0: one for each core on PostgreSQL, one on SQLite."
    )
    trusted_proxy: str = Field(
        "", description="Address of the reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed."
    )
    production: bool = Field(
        default=False,
        description="Refuse to start with weak keys, debugging, cookies over HTTP, or SQLite and several processes.",
    )
    embedded_worker: bool = Field(default=True, description="Run the worker inside `earshot serve`.")
    upload_bytes: int = Field(25_000_000, ge=1, description="Largest upload that the web accepts, in bytes.")
    attachment_bytes: int = Field(
        25_000_000, ge=1, description="Largest file that can be attached to a task, in bytes."
    )
    attachments_per_case: int = Field(
        250_000_000, ge=1, description="Bytes that all files attached to one case may come to."
    )
    model_path: Path | None = Field(None, description="Folder of a trained spaCy pipeline; empty: the one in service.")
    sign_offs: Annotated[tuple[str, ...], NoDecode] = Field(
        ("marketing", "it", "operations"),
        min_length=2,
        description="Departments that sign a process version before it goes live, separated by commas; at least two.",
    )
    sign_for_several: bool = Field(
        default=False,
        description="Let one person sign a version for several departments; its record then says so.",
    )
    replay_cases: int = Field(
        200, ge=0, le=2000, description="Finished cases of the live version that are replayed through a draft; 0: none."
    )
    job_retries: str = Field(
        "",
        description="Tries and waits of jobs by topic, * for all others, as payment=R5/PT1M,PT10M; *=R2",
    )
    quiet_days: int = Field(
        14, ge=1, description="Days without a step after which an instance that waits for an event alone is shown."
    )
    most_clock_skew: float = Field(
        30.0,
        ge=1,
        le=3600,
        description="Seconds that a worker's clock may differ from the database's; beyond, it takes no more work.",
    )
    retention_grace_hours: int = Field(
        24, ge=0, le=8760, description="Hours for which a wish to keep ended cases less long waits, and may be stopped."
    )
    retention_confirm_above: int = Field(
        50, ge=0, description="Cases above which a second person has to confirm that they are erased sooner."
    )
    rate_limits: str = Field(
        "",
        pattern=r"^(\s*[a-z-]+=([1-9][0-9]{0,8}/([1-9][0-9]{0,3})?(second|minute|hour|day)|off)\s*(;|$))*$",
        description="Bounds on requests by rule, as webhook=6000/minute; download=off",
    )
    public_url: str = Field(
        "",
        description="Address under which people reach this site, for links in mails, such as https://bpm.example.com",
    )
    company_name: str = Field("", description="Name of the company, as customers know it; on their pages.")
    contact_phone: str = Field("", description="Number under which customers reach a person; on their pages.")
    contact_email: str = Field("", description="Address under which customers reach a person; on their pages.")
    surveys: bool = Field(default=False, description="Ask customers by mail how it went after a matter was closed.")
    survey_days: int = Field(30, ge=1, le=3650, description="Days within which one person is asked once at most.")
    survey_share: int = Field(100, ge=0, le=100, description="Percent of closed matters after which chance asks.")
    survey_hours: Annotated[tuple[int, ...], NoDecode] = Field(
        (2,), description="Hours after the close at which it is asked, separated by commas; chance chooses one."
    )
    said_after_days: int = Field(
        30,
        ge=1,
        le=365,
        description="Days after the end of a case within which what its customer says counts as said after it; "
        "at their end half as surely.",
    )
    alarm_budget: float = Field(
        0.1, gt=0, le=0.5, description="Share of the alarms of a look that may be false on average, 0.1 for one in ten."
    )
    share_url: str = Field("", description="Page that customers are offered to recommend us, after a good end only.")
    smtp_host: str = Field("", description="Mail server; empty: mails stay in the outbox.")
    smtp_port: int = Field(0, ge=0, le=65535, description="Its port; 0: 587, 465 or 25, by EARSHOT_SMTP_TLS.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is secured: starttls, tls from the first byte on, or none."
    )
    smtp_user: str = Field("", description="User name at the mail server; empty: without signing in.")
    smtp_password: str = Field(
        "", repr=False, description="Password there; empty: the one that `earshot mail password` sealed."
    )
    smtp_second: str = Field(
        "",
        repr=False,
        description="Mail server for when the first one cannot be reached: starttls://user:password@host:port.",
    )
    smtp_from: str = Field("", description="Sender of mails, such as Earshot <earshot@example.com>.")
    quiet_hours: str = Field(
        "21:00-08:00",
        pattern=r"^(\s*([01]?\d|2[0-3]):[0-5]\d\s*-\s*([01]?\d|2[0-3]):[0-5]\d\s*)?$",
        description="When customers are not written to, by the clock where they are; empty: never quiet.",
    )
    notice_days: int = Field(90, ge=1, description="Days after which notices and sent mails are deleted.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(default=False, description="One JSON object per log line.")

    @field_validator("survey_hours", mode="before")
    @classmethod
    def _split_hours(cls, value: object) -> object:
        return tuple(int(part) for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("sign_offs", "outbound_allowed", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("secrets_key", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(decode_key(part) for part in value.split(",") if part.strip())

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: str) -> str:
        if value and not is_strong_key(value):
            raise ValueError(f"at least {SHORTEST_KEY} random characters, as from: openssl rand -base64 48")
        return value

    @field_validator("outbound_allowed")
    @classmethod
    def _destinations(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            parse_allow_list(value)
        except InvalidInputError as error:
            raise ValueError("host names, addresses or networks such as 10.1.0.0/16, separated by commas") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        scheme, separator, _ = value.partition("://")
        if value and not (separator and scheme in DRIVERS):
            raise ValueError("a URL such as postgresql+psycopg://user@host/name or sqlite:////folder/file.db")
        if value:
            _parse(value)
        return value

    @field_validator("trusted_proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value not in {"", "*"}:
            try:
                ip_address(value)
            except ValueError as error:
                raise ValueError("the proxy's IP address, such as 127.0.0.1, for names are not looked up") from error
        return value

    @field_validator("job_retries")
    @classmethod
    def _retries(cls, value: str) -> str:
        if not _RETRIES.fullmatch(value):
            raise ValueError("topic=R and a number of tries, then waits, as payment=R5/PT1M,PT10M; *=R2")
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@<>\"]+(/[^\s?#<>\"]*)?", value):
            raise ValueError(_("an address such as https://bpm.example.com"))
        return value.rstrip("/")

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and (not value.isprintable() or not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", parseaddr(value)[1])):
            raise ValueError(_("a mail address, with a name before it or without: Earshot <earshot@example.com>"))
        return value

    @field_validator("smtp_second")
    @classmethod
    def _second(cls, value: str) -> str:
        if value and not re.fullmatch(r"(starttls|tls|none)://([^\s@/]+@)?[^\s:/@]+(:\d{1,5})?", value):
            raise ValueError(_("starttls, tls or none, then ://user:password@host:port; user and port may be left out"))
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError(f"one of {', '.join(LEVELS)}")
        return value.upper()

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        if not value or re.search(r"[\s/@]|://", value):
            raise ValueError("an address or host name to listen on, such as 127.0.0.1")
        return value

    def rate_limit_bounds(self) -> dict[str, str]:
        """Rule -> its bound, or "off", of those that are set."""
        parts = (part.partition("=") for part in self.rate_limits.split(";") if part.strip())
        return {name.strip(): bound.strip() for name, _, bound in parts}

    def processes(self) -> int:
        """How many web processes `earshot serve` forks: on SQLite more than one would only wait for one another."""
        if self.web_processes:
            return self.web_processes
        return 1 if self.url.startswith("sqlite") else min(os.cpu_count() or 1, MOST_BY_ITSELF)

    @property
    def url(self) -> str:
        """The database in use."""
        return self.database_url or f"sqlite:///{self.home / 'earshot.db'}"


def is_strong_key(value: str) -> bool:
    """Whether a key that signs sessions is long and no repetition."""
    periodic = value in (value + value)[1:-1]
    return len(value) >= SHORTEST_KEY and len(set(value)) >= FEWEST_CHARACTERS and not periodic


def decode_key(text: str) -> bytes:
    """A key for secrets: 32 bytes as base64; ValueError says what is expected."""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32 or len(set(key)) < FEWEST_CHARACTERS:
        raise ValueError("32 random bytes as base64, as from: openssl rand -base64 32; several separated by commas")
    return key


def _parse(url: str) -> None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError("a URL whose port is a number and whose password is percent-encoded") from error
