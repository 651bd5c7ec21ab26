"""Every setting of the product, read once from `EARSHOT_*` environment variables."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MOST_BY_ITSELF = 8
"""Web processes that are forked without being asked for: each opens connections to the database."""


class Settings(BaseSettings):
    """Each field is `EARSHOT_<NAME>`; `earshot settings` lists them with their value and meaning."""

    model_config = SettingsConfigDict(env_prefix="EARSHOT_", frozen=True, extra="ignore")

    home: Path = Field(Path("./var"), description="Folder for the database, the secret key and uploads.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in EARSHOT_HOME.")
    database_connections: int = Field(
        32, ge=4, le=1000, description="Most PostgreSQL connections that one process opens for commands and pages."
    )
    secret_key: str = Field("", description="Signs sessions; empty: made once and kept in EARSHOT_HOME.")
    host: str = Field("127.0.0.1", description="Address that `earshot serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `earshot serve` listens on.")
    threads: int = Field(24, ge=2, le=256, description="Threads of the web server, shared out among its processes.")
    web_processes: int = Field(
        0, ge=0, le=64, description="Processes of `earshot serve`; 0: one for each core on PostgreSQL, one on SQLite."
    )
    trusted_proxy: str = Field(
        "", description="Address of the reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed."
    )
    secure_cookies: bool = Field(
        default=False, description="Set to true behind HTTPS: cookies are then sent over HTTPS only."
    )
    embedded_worker: bool = Field(default=True, description="Run the worker inside `earshot serve`.")
    upload_bytes: int = Field(25_000_000, ge=1, description="Largest upload that the web accepts, in bytes.")
    model_path: Path | None = Field(None, description="Folder of a trained spaCy pipeline; empty: the one in service.")
    sign_offs: Annotated[tuple[str, ...], NoDecode] = Field(
        ("marketing", "it", "operations"),
        description="Departments that sign a process version before it goes live, separated by commas.",
    )
    job_retries: str = Field(
        "",
        pattern=r"^(\s*[^=;]+=R[1-9][0-9]?(/P[^=;]+)?\s*(;|$))*$",
        description="Tries and waits of jobs by topic, * for all others, as payment=R5/PT1M,PT10M; *=R2",
    )
    quiet_days: int = Field(
        14, ge=1, description="Days without a step after which an instance that waits for an event alone is shown."
    )
    rate_limits: str = Field(
        "",
        pattern=r"^(\s*[a-z-]+=([1-9][0-9]{0,8}/([1-9][0-9]{0,3})?(second|minute|hour|day)|off)\s*(;|$))*$",
        description="Bounds on requests by rule, as webhook=6000/minute; download=off",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(default=False, description="One JSON object per log line.")

    @field_validator("sign_offs", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

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
