"""What one speaker says in one go, as every reader of calls and chats hands it over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """`role` is customer, agent or machine where the source says so itself; times in seconds from the call's start."""

    speaker: str
    text: str
    start: float | None = None
    end: float | None = None
    role: str = ""
