"""How series stand: what was read of them, judged by the baselines on record."""

from datetime import date

from bpm.foundation.work import Work
from bpm.processes.alarms.baselines import baselines_of
from bpm.processes.alarms.judging import judge
from bpm.processes.alarms.reading import gather
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.state import SeriesState


def read_states(work: Work, *, until: date) -> list[SeriesState]:
    """How every series stands at the end of the day."""
    gathered, known = gather(work, until=until), baselines_of(work)
    return [
        judge(subject, counts, until=until, begun=known.get(subject.key, ()), sources=gathered.sources)
        for subject, counts in gathered.series.items()
    ]


def read_one(work: Work, subject: Subject, *, until: date) -> SeriesState:
    """How one series stands; its subject comes back with the names of today."""
    gathered = gather(work, until=until, only=subject)
    known = baselines_of(work, subject.key).get(subject.key, ())
    for found, counts in gathered.series.items():
        return judge(found, counts, until=until, begun=known, sources=gathered.sources)
    return judge(subject, [], until=until, begun=known, sources=gathered.sources)
