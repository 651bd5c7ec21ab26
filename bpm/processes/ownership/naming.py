"""People are told that a process is theirs, or that they speak for its customers."""

from collections.abc import Iterable

from bpm import notices
from bpm.foundation.texts import _
from bpm.foundation.work import Work


def tell_named(work: Work, key: str, name: str, people: Iterable[int]) -> None:
    """Tell those who were named now; nobody is told of what they did themselves."""
    notices.raise_for(
        work,
        set(people) - {work.actor.user_id},
        "owner",
        _("You own a process together with others: %(name)s") % {"name": name},
        f"/processes/{key}/ownership",
        about=("process", 0),
        key=f"owner:{key}",
    )
