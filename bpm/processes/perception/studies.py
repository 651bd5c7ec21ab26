"""Studies and rankings as people make them: asked, answered, entered and imported; one person once in each round."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from bpm import audit, identity, notices
from bpm.foundation.bounded_child import Sent
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.tables import read_rows
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.perception.models import PerceptionRanking, PerceptionStudy, Side, Via
from bpm.statistics.tables import Problems, Row, table_of

FEWEST_ITEMS, MOST_ITEMS = 3, 20
LONGEST_ITEM, LONGEST_ROUND = 200, 40
RESERVED = ("person", "side", "round")


@dataclass(frozen=True)
class StudyRow:
    """A study, with how many people of each side are in it."""

    id: int
    title: str
    question: str
    items: tuple[str, ...]
    staff: int
    customers: int
    created_at: datetime
    closed_at: datetime | None


def make_study(work: Work, *, title: str, question: str, items: Sequence[str]) -> int:
    """A study that can be answered at once; its id. InvalidInputError with `fields`."""
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can ask this."), remedy=_("Sign in."))
    names = [" ".join(each.split()) for each in items if each.strip()]
    problems = {}
    if not title.strip() or len(title) > LONGEST_ITEM:
        problems["title"] = _("Name it in one line.")
    if not question.strip() or len(question) > 1000:
        problems["question"] = _("Write the question that both sides read.")
    if not FEWEST_ITEMS <= len(names) <= MOST_ITEMS:
        problems["items"] = _("Write 3 to 20 things to rank, one a line.")
    elif len({each.casefold() for each in names}) < len(names):
        problems["items"] = _("Each thing stands once: the same line is there twice.")
    elif any(len(each) > LONGEST_ITEM or each.casefold() in RESERVED for each in names):
        problems["items"] = _("A line is too long, or is one of the words person, side, round.")
    if problems:
        raise InvalidInputError(
            _("The study cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    row = PerceptionStudy(
        title=title.strip(), question=question.strip(), items=names, salt=secrets.token_hex(16),
        created_by=work.actor.user_id, created_at=work.now(), closed_at=None,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    audit.record(work, "study.make", _thing(row), after={"title": row.title, "items": names})
    return row.id


def close_study(work: Work, study_id: int, *, closed: bool) -> None:
    """Take no more answers, or take them again."""
    row = get_row(work, study_id)
    before = {"closed": row.closed_at is not None}
    row.closed_at = work.now() if closed else None
    audit.record(work, "study.close" if closed else "study.open", _thing(row), before=before, after={"closed": closed})


def ask_staff(work: Work, study_id: int) -> int:
    """Tell everybody who works here that their order is wanted; gives how many were told."""
    row = _open(work, study_id)
    people = [each.id for each in identity.list_users(work) if each.active]
    subject = _("Your view is asked for: %(title)s") % {"title": row.title}
    told = notices.raise_for(
        work, people, "study", subject, f"/insights/perception/{row.id}/answer", about=("study", row.id),
        key=f"study:{row.id}", only_once=True,
    )  # fmt: skip
    audit.record(work, "study.ask", _thing(row), before={"asked": 0}, after={"asked": told})
    return told


def answer(work: Work, study_id: int, order: Sequence[int], *, round_name: str) -> None:
    """Whoever is signed in ranks the items: `order` holds the place of each. ConflictError the second time."""
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can answer."), remedy=_("Sign in."))
    keep(work, study_id, Side.STAFF, f"user {work.actor.user_id}", order, round_name=round_name, via=Via.ANSWERED)
    notices.mark_done(work, ["study"], ("study", study_id), people=[work.actor.user_id])


def enter(work: Work, study_id: int, side: str, person: str, order: Sequence[int], *, round_name: str) -> None:
    """A colleague writes down what somebody said; `person` tells them apart and is not kept as written."""
    if side not in set(Side) or not person.strip():
        missing = _("Say who it was, by an address or a number, and on which side they are.")
        raise InvalidInputError(missing, remedy=missing, fields={"person": missing})
    keep(work, study_id, Side(side), person, order, round_name=round_name, via=Via.ENTERED)


def keep(
    work: Work, study_id: int, side: Side, person: str, order: Sequence[int], *, round_name: str, via: Via
) -> None:
    """One ranking of one person; InvalidInputError unless each place is given once, ConflictError for a second one."""
    row, name = _open(work, study_id), _round(work, round_name)
    if sorted(order) != list(range(1, len(row.items) + 1)):
        wrong = _("Give each its own place, from 1 to %(n)s.") % {"n": len(row.items)}
        raise InvalidInputError(wrong, remedy=wrong, fields={"order": wrong})
    known = select(PerceptionRanking.id).where(
        PerceptionRanking.study_id == row.id, PerceptionRanking.round == name,
        PerceptionRanking.person_hash == _hash(row, person),
    )  # fmt: skip
    if work.session.scalar(known) is not None:
        raise ConflictError(
            _("This person is in the round %(name)s already.") % {"name": name}, remedy=_("One person counts once.")
        )
    work.session.add(_ranking(work, row, side, person, order, name, via))
    work.session.flush()
    said = {"side": side, "round": name, "via": via}
    audit.record(work, "study.rank", _thing(row), before={"ranking": None}, after=said)


def import_rankings(work: Work, study_id: int, sent: Sent, *, round_name: str) -> int:
    """Rankings of a CSV: columns person, side, perhaps round, and one for each item with its place; how many came in.

    Nothing comes in while a line does not fit: InvalidInputError names each by number and remedy.
    """
    lines, file = read_rows(sent), sent.name
    row = _open(work, study_id)
    names = [each.casefold() for each in row.items]
    table = table_of(lines, file=file, needed=("person", "side", *names))
    problems = Problems(file)
    hashes = select(PerceptionRanking.round, PerceptionRanking.person_hash).where(PerceptionRanking.study_id == row.id)
    known: dict[tuple[str, str], int] = dict.fromkeys(
        ((name, hashed) for name, hashed in work.session.execute(hashes)), 0
    )
    found = []
    for line in table.rows:
        name = _round(work, line["round"] or round_name)
        places = _places(line, names, problems)
        side = line["side"].casefold()
        if side not in set(Side):
            problems.add(line.line, _("side “%(side)s” is unknown.") % {"side": side}, _("Write staff or customers."))
        if not line["person"]:
            problems.add(line.line, _("person is empty."), _("Write an address or number that tells people apart."))
        person = (name, _hash(row, line["person"]))
        if line["person"] and person in known:
            where = _("on line %(n)s") % {"n": known[person]} if known[person] else _("in the study")
            problems.add(line.line, _("the person stands %(where)s already.") % {"where": where}, _("Once is enough."))
        known.setdefault(person, line.line)
        if places is not None and side in set(Side):
            found.append(_ranking(work, row, Side(side), line["person"], places, name, Via.IMPORTED))
    problems.raise_any()
    work.session.add_all(found)
    work.session.flush()
    audit.record(
        work, "study.import", _thing(row), before={"rankings": 0}, after={"rankings": len(found), "file": file}
    )
    return len(found)


def _places(line: Row, names: Sequence[str], problems: Problems) -> list[int] | None:
    cells = [line[name] for name in names]
    places = [int(cell) for cell in cells if re.fullmatch(r"\d{1,3}", cell)]
    if sorted(places) == list(range(1, len(names) + 1)):
        return places
    said = _("the places are %(cells)s.") % {"cells": ", ".join(cell or "–" for cell in cells)[:80]}
    problems.add(line.line, said, _("Give each item its own place, from 1 to %(n)s.") % {"n": len(names)})
    return None


def _ranking(
    work: Work, row: PerceptionStudy, side: Side, person: str, order: Sequence[int], name: str, via: Via
) -> PerceptionRanking:
    return PerceptionRanking(
        study_id=row.id, round=name, side=side, person_hash=_hash(row, person), places=list(order), via=via,
        at=work.now(),
    )  # fmt: skip


def _hash(row: PerceptionStudy, person: str) -> str:
    """Upper and lower case, and white space, make no second person."""
    return sha256(f"{row.salt} {' '.join(person.casefold().split())}".encode()).hexdigest()


def _round(work: Work, written: str) -> str:
    return " ".join(written.split())[:LONGEST_ROUND] or str(work.now().year)


def get_row(work: Work, study_id: int) -> PerceptionStudy:
    row = work.session.get(PerceptionStudy, study_id)
    if row is None:
        raise NotFoundError(_("There is no study %(number)s.") % {"number": study_id})
    return row


def _open(work: Work, study_id: int) -> PerceptionStudy:
    row = get_row(work, study_id)
    if row.closed_at is not None:
        raise ConflictError(_("The study is closed."), remedy=_("Open it again, or begin another one."))
    return row


def list_studies(work: Work) -> list[StudyRow]:
    """The newest first."""
    counts = {
        (study_id, side): n
        for study_id, side, n in work.session.execute(
            select(PerceptionRanking.study_id, PerceptionRanking.side, func.count())
            .group_by(PerceptionRanking.study_id, PerceptionRanking.side)
        )
    }  # fmt: skip
    return [
        StudyRow(
            row.id, row.title, row.question, tuple(row.items), counts.get((row.id, Side.STAFF), 0),
            counts.get((row.id, Side.CUSTOMERS), 0), row.created_at, row.closed_at,
        )
        for row in work.session.scalars(select(PerceptionStudy).order_by(PerceptionStudy.id.desc()).limit(200))
    ]  # fmt: skip


def get_study(work: Work, study_id: int) -> StudyRow:
    get_row(work, study_id)
    return next(each for each in list_studies(work) if each.id == study_id)


def _thing(row: PerceptionStudy) -> audit.Thing:
    return audit.Thing("study", row.id, row.title)
