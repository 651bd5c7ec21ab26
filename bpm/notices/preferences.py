"""How a person wants to be told: by kind, and where and when mails come."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.mail import check_address
from bpm.notices.kinds import BY_KEY, KINDS, Way
from bpm.notices.models import NoticePreference, NoticeProfile

DIGEST_HOUR, ZONE = 8, "UTC"
"""Of a person who chose nothing."""


@dataclass(frozen=True)
class Preferences:
    """What a person chose: way by kind, mail address (empty: none), hour (0 to 23) and time zone of the digest."""

    ways: Mapping[str, Way]
    address: str = ""
    zone: str = ZONE
    digest_hour: int = DIGEST_HOUR


def preferences_link() -> str:
    """Path of the page where they are chosen."""
    return "/notices/preferences"


def get_preferences(work: Work, user_id: int) -> Preferences:
    """What the person chose, and what the kinds say where they did not."""
    query = select(NoticePreference.kind, NoticePreference.way).where(NoticePreference.user_id == user_id)
    chosen = {row.kind: Way(row.way) for row in work.session.execute(query)}
    ways = {kind.key: chosen.get(kind.key, kind.default) for kind in KINDS}
    profile = work.session.get(NoticeProfile, user_id)
    if profile is None:
        return Preferences(ways)
    return Preferences(ways, profile.address, profile.zone, profile.digest_hour)


def save_preferences(work: Work, user_id: int, wanted: Preferences, *, newest_offer: int = 0) -> None:
    """Keep what the person chose; InvalidInputError with a message per field.

    `newest_offer`: id of the newest task, so that whoever turns offers on is told of later ones only.
    """
    address = _check(wanted)
    work.session.merge(
        NoticeProfile(user_id=user_id, address=address, zone=wanted.zone, digest_hour=wanted.digest_hour)
    )
    for kind, way in wanted.ways.items():
        kept = work.session.get(NoticePreference, (user_id, kind))
        if kept is None:
            work.session.add(NoticePreference(user_id=user_id, kind=kind, way=way, since_id=newest_offer))
        elif kept.way != way:
            kept.since_id = newest_offer if kept.way == Way.OFF else kept.since_id
            kept.way = way
    work.session.flush()


def _check(wanted: Preferences) -> str:
    """The address as it is kept."""
    problems: dict[str, str] = {}
    address = wanted.address.strip()
    if address:
        try:
            address = check_address(address)
        except InvalidInputError as error:
            problems |= error.fields
    elif any(way in {Way.MAIL, Way.DIGEST} for way in wanted.ways.values()):
        problems["address"] = _("Say where mails are to go, or choose no mail.")
    if wanted.zone not in available_timezones():
        problems["zone"] = _("Choose a time zone such as Europe/Berlin.")
    if not 0 <= wanted.digest_hour <= 23:
        problems["digest_hour"] = _("Choose an hour from 0 to 23.")
    if wanted.ways.keys() - BY_KEY.keys():
        problems["ways"] = _("There is no such kind of notice.")
    if problems:
        raise InvalidInputError(
            _("The preferences were not saved."), remedy=" ".join(problems.values()), fields=problems
        )
    return address


def zone_of(name: str) -> ZoneInfo:
    """The time zone; UTC for a name that is gone."""
    return ZoneInfo(name if name in available_timezones() else ZONE)
