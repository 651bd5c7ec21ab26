"""Which days changed since they were summed or written into the daybook, of which versions.

1. New rows are found by id, changed ones by the instant of their change: each kind has a mark up to which it was
   looked at. A row below a mark may still come in (a transaction that began earlier ends later), so a mark never goes
   nearer to now than `SETTLES`: what lies behind it is looked at again.
2. A task that is taken, handed over or let go leaves no new row: those that are held are compared with those that were
   held at the last look (`held`), which are as many as people have in hand.
3. Asking twice gives the same days: it reads only. The sweep writes marks and due days in one transaction.
"""

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.processes.changes.held import Held, find_held
from bpm.processes.changes.looks import LOOKS
from bpm.processes.changes.marks import MEASURES, SPENT, Changes, Mark
from bpm.processes.measures.models import MeasureMark


def find_changes(work: Work, *, tell: str = "", held: Held | None = None) -> Changes:
    """Everything that changed since the marks.

    `tell`: only what sums of measures or days of the daybook are told by (`MEASURES`, `SPENT`); empty: by either.
    `held`: what `find_held` said, where it was asked already.
    """
    marks = {row.name: Mark(row.settled, row.settled_at) for row in work.session.scalars(select(MeasureMark))}
    found = Changes({}, {})
    for name, look in LOOKS.items():
        if not tell or tell in look.tells:
            look.find(work, name, marks.get(name, Mark()), found)
    held = held or find_held(work)
    if tell != SPENT:
        for day, case in held.opened:
            found.add_case(day, case)
    if tell != MEASURES:
        found.spent |= held.days
    return found
