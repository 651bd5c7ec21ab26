"""How far a sweep over links or readings has come: one row for each, read and written by its name."""

from sqlalchemy.orm import Session

from bpm.processes.models.linking import LinkLook


def seen_up_to(session: Session, name: str) -> int:
    """The last id that the sweep looked at; 0 before it began."""
    row = session.get(LinkLook, name)
    return row.up_to if row is not None else 0


def remember(session: Session, name: str, up_to: int) -> None:
    """Go on behind this id."""
    row = session.get(LinkLook, name)
    if row is None:
        session.add(LinkLook(name=name, up_to=up_to))
    else:
        row.up_to = up_to
    session.flush()
