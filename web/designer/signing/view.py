"""What the page of a version shows of its signatures: who signed, what this person may say, and what is left."""

from dataclasses import dataclass
from datetime import datetime

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import SaidRow, VersionDetail
from bpm.engine.status import SigningVerb, VersionStatus
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes.ownership import what_blocks
from web.core.request_context import actor, work


@dataclass(frozen=True)
class SignOff:
    """One department's word: given by whom and when, or still missing, and what this person may do about it."""

    department: str
    signed_by: str = ""
    signed_at: datetime | None = None
    content_hash: str = ""
    wanted: str = ""
    """What it wants changed before it signs."""
    wanted_by: str = ""
    may_sign: bool = False
    may_withdraw: bool = False
    may_want: bool = False
    reason_not: str = ""
    """Why this person, who is in the department, cannot sign for it."""


@dataclass(frozen=True)
class Said:
    """A line of the record, in words."""

    what: str
    department: str
    who: str
    comment: str
    at: datetime
    content_hash: str


@dataclass(frozen=True)
class SigningView:
    """Signatures of a version."""

    sign_offs: tuple[SignOff, ...]
    said: tuple[Said, ...]
    several: tuple[str, ...]
    """One sentence for each person who signed for several departments."""
    newer: int
    """Number of the draft that took this one's place; 0: none."""
    obstacles: tuple[str, ...]
    red: tuple[str, ...]
    """Obstacles that are no missing signature."""

    @property
    def is_for_me(self) -> bool:
        """Whether this person has something to say here."""
        return any(each.may_sign or each.may_want or each.may_withdraw for each in self.sign_offs)


def words_of(verb: SigningVerb) -> str:
    """What was said, as people read it."""
    return {
        SigningVerb.SIGNED: _("signed"),
        SigningVerb.WITHDRAWN: _("took the signature back"),
        SigningVerb.LAPSED: _("the signature lapsed"),
        SigningVerb.CHANGES_WANTED: _("wants changes"),
    }[verb]


def signing_of(version: VersionDetail) -> SigningView:
    """The signatures of the version, for the person who reads."""
    departments = engine.departments_of(work(), version.definition_id)
    said = queries.list_said(work(), version.id)
    unsigned = {f"{department} has not signed." for department in departments}
    obstacles = []
    if version.status == VersionStatus.DRAFT:
        obstacles = [*engine.obstacles(work(), version.id), *what_blocks(work(), version.id)]
    newer = queries.get_version(work(), version.replaced_by).number if version.replaced_by else 0
    return SigningView(
        sign_offs=tuple(_sign_off(version, department, said) for department in departments),
        said=tuple(
            Said(words_of(row.verb), row.department, row.who or _("set up with the product"), row.comment, row.at,
                 row.content_hash)
            for row in said
        ),
        several=_several(version),
        newer=newer,
        obstacles=tuple(obstacles),
        red=tuple(each for each in obstacles if each not in unsigned),
    )  # fmt: skip


def _sign_off(version: VersionDetail, department: str, said: list[SaidRow]) -> SignOff:
    person = actor()
    given = next((each for each in version.signatures if each.department == department), None)
    last = next((row for row in reversed(said) if row.department == department), None)
    wanted = last if last and last.verb == SigningVerb.CHANGES_WANTED and given is None else None
    here = version.status == VersionStatus.DRAFT and version.replaced_by is None
    mine = here and department in person.groups and may(person, Permission.SIGN)
    reason = _reason_not(version) if mine and given is None else ""
    own = given is not None and given.user_id is not None and given.user_id == person.user_id
    by = "" if given is None else given.signed_by or _("set up with the product")
    return SignOff(
        department=department,
        signed_by=by,
        signed_at=given.signed_at if given else None,
        content_hash=(given.content_hash or version.content_hash) if given else "",
        wanted=wanted.comment if wanted else "",
        wanted_by=(wanted.who or "") if wanted else "",
        may_sign=mine and given is None and not reason,
        may_withdraw=here and own,
        may_want=mine and (given is None or own),
        reason_not=reason,
    )


def _reason_not(version: VersionDetail) -> str:
    """Nobody signs for two departments unless a setting lets them."""
    signed = [each.department for each in version.signatures if each.user_id == actor().user_id and each.user_id]
    if not signed or work().settings.sign_for_several:
        return ""
    return _("You signed for another department: somebody else signs for this one.")


def _several(version: VersionDetail) -> tuple[str, ...]:
    by_person: dict[int, list[str]] = {}
    for each in version.signatures:
        if each.user_id is not None and each.method != "console":
            by_person.setdefault(each.user_id, []).append(each.signed_by or "")
    said = _("One person signed for %(number)s departments: %(name)s")
    return tuple(said % {"number": len(n), "name": n[0]} for n in by_person.values() if len(n) > 1)
