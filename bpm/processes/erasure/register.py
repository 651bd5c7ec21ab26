"""The register of personal data: what every room declares of its tables, and the tables it declares it of."""

from collections.abc import Mapping

from sqlalchemy import JSON, Enum, LargeBinary, String, Table

from bpm.attachments.personal_data import DATA as ATTACHMENTS
from bpm.audit.personal_data import DATA as AUDIT
from bpm.calendars.personal_data import DATA as CALENDARS
from bpm.engine.personal_data import DATA as ENGINE
from bpm.feedback.models.personal_data import DATA as FEEDBACK
from bpm.foundation.db import Base
from bpm.foundation.personal_data import TableData
from bpm.foundation.rates.personal_data import DATA as RATES
from bpm.identity.personal_data import DATA as IDENTITY
from bpm.mail.personal_data import DATA as MAIL
from bpm.notices.personal_data import DATA as NOTICES
from bpm.processes.alarms.personal_data import DATA as ALARMS
from bpm.processes.hold_outs.personal_data import DATA as HOLD_OUTS
from bpm.processes.perception.personal_data import DATA as PERCEPTION
from bpm.processes.personal_data import DATA as PROCESSES
from bpm.search.personal_data import DATA as SEARCH
from bpm.secrets.personal_data import DATA as SECRETS

ROOMS = (
    ALARMS,
    ATTACHMENTS,
    AUDIT,
    CALENDARS,
    ENGINE,
    FEEDBACK,
    RATES,
    HOLD_OUTS,
    IDENTITY,
    MAIL,
    NOTICES,
    PERCEPTION,
    PROCESSES,
    SEARCH,
    SECRETS,
)

REGISTER: Mapping[str, TableData] = {name: data for room in ROOMS for name, data in room.items()}
"""Table -> what it holds of customers."""


def undeclared() -> list[str]:
    """Columns of text, JSON or bytes that no room declares, and declared ones that are not there: as table.column."""
    there = {f"{table.name}.{name}" for table in Base.metadata.sorted_tables for name in _telling(table)}
    declared = {
        f"{name}.{column}" for name, data in REGISTER.items() for column in (*data.free, *data.erased)
    }  # fmt: skip
    return sorted(there ^ declared)


def declared_twice() -> list[str]:
    """Columns that are said to be both erased and free."""
    return [f"{name}.{column}" for name, data in REGISTER.items() for column in data.free.keys() & data.erased.keys()]


def _telling(table: Table) -> list[str]:
    """Columns that can hold words: no number, instant, truth value or word of a closed list."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Enum)
    ]
