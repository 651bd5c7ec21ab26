"""Reads the contacts of a period, each with the one cause that it stands under."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED, SURE
from bpm.processes.daybook.at_home import CUSTOMERS
from bpm.processes.models import Artefact, Attribution
from bpm.processes.status import LinkKind

CHUNK = 500
SERVICE = ("complaint", "question", "request", "cancellation", "outage_report")
"""Kinds that want something of us; praise, suggestions and what is merely shared do not."""


@dataclass(frozen=True)
class Contact:
    """One thing that a customer said; `item_id` names it for good, `key` is its cause (empty: none)."""

    item_id: int
    current_id: int
    channel: str
    kind: str
    """Empty: not read, or unsure."""
    sentiment: float | None
    topic: str
    key: str = ""
    name: str = ""
    case_id: int | None = None
    process: str = ""
    version: int = 0
    element: str = ""
    link: str = ""
    """The kind of its link."""

    @property
    def wants_service(self) -> bool:
        return self.kind in SERVICE


def list_contacts(work: Work, by: str, *, since: datetime, until: datetime, service: bool = False) -> list[Contact]:
    """Everything that customers said in [since, until), with its cause."""
    found = [each for each in read_contacts(work, since=since, until=until) if each.wants_service or not service]
    linked = _linked(work, found)
    return _of_themes(work, linked) if by == "theme" else with_causes(work, by, linked)


def with_causes(work: Work, by: str, linked: Sequence[Contact]) -> list[Contact]:
    """Contacts whose links are known, each under its cause; of themes, that its key names already."""
    if by == "theme":
        names = _theme_names(work, {each.key for each in linked if each.key})
        return [replace(each, name=names.get(each.key, "")) for each in linked]
    linked = named_places(work, linked)
    if by == "topic":
        return [replace(each, key=each.topic, name=each.topic) for each in linked]
    if by == "process":
        names = _process_names(work)
        return [replace(e, key=e.process, name=names.get(e.process, e.process)) for e in linked]
    if by == "activity":
        return [replace(each, key=_place_key(each)) for each in linked]
    return _of_artefacts(work, linked)


def named_places(work: Work, contacts: Sequence[Contact]) -> list[Contact]:
    """Each with its place in words."""
    names = _element_names(work, {(each.process, each.version) for each in contacts if each.process})
    return [replace(each, name=_place_name(each, names)) if each.process else each for each in contacts]


def _place_name(contact: Contact, names: Mapping[tuple[str, int, str], str]) -> str:
    name = names.get((contact.process, contact.version, contact.element)) or contact.element or contact.process
    if contact.link not in LIVED:
        name = _("opened a case, or came before it")
    return f"{name} ({contact.process})"


def _theme_names(work: Work, ids: set[str]) -> dict[str, str]:
    rows = work.session.execute(select(Theme.id, Theme.name).where(Theme.id.in_([int(each) for each in ids])))
    return {str(row.id): row.name for row in rows}


def _place_key(contact: Contact) -> str:
    """Activity by activity what was lived through there; what opened or came before cases is of the process."""
    if not contact.process:
        return ""
    return f"{contact.process}:{contact.element if contact.link in LIVED else ''}"


def read_contacts(work: Work, *, since: datetime, until: datetime) -> list[Contact]:
    """Everything that customers said in [since, until), without causes; by when it was said, else came in."""
    rows = work.session.execute(
        select(
            FeedbackItem.id, FeedbackItem.first_id, FeedbackItem.channel, Classification.primary,
            Classification.sentiment, Classification.abstained, Classification.topic,
        )
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(
            FeedbackItem.current, FeedbackItem.voice.in_(CUSTOMERS),
            FeedbackItem.placed_at >= since, FeedbackItem.placed_at < until,
        )
        .order_by(FeedbackItem.id)
    )  # fmt: skip
    return [
        Contact(
            item_id=row.first_id or row.id,
            current_id=row.id,
            channel=row.channel,
            kind="" if row.abstained else row.primary or "",
            sentiment=None if row.abstained else row.sentiment,
            topic="" if row.abstained else row.topic or "",
        )
        for row in rows
    ]


def _linked(work: Work, contacts: Sequence[Contact]) -> list[Contact]:
    """Each with one link that holds, of what was lived through before all others, the oldest first."""
    links: dict[int, Contact] = {}
    for some in _chunks([each.current_id for each in contacts]):
        rows = work.session.execute(
            select(
                Attribution.item_id, Attribution.instance_id, Attribution.element, Attribution.definition_key,
                ProcessVersion.number, Attribution.kind,
            )
            .join(ProcessVersion, ProcessVersion.id == Attribution.version_id)
            .where(Attribution.item_id.in_(some), Attribution.valid_to.is_(None), Attribution.method.in_(SURE))
            .order_by(Attribution.id)
        )  # fmt: skip
        for row in rows:
            here = Contact(
                0,
                row.item_id,
                "",
                "",
                None,
                "",
                case_id=row.instance_id,
                process=row.definition_key,
                version=row.number,
                element=row.element,
                link=row.kind,
            )
            known = links.setdefault(row.item_id, here)
            at_home = known.case_id if known.case_id is not None else row.instance_id
            if known.link not in LIVED and here.link in LIVED:
                known = here
            links[row.item_id] = replace(known, case_id=at_home)
    return [_with_link(each, links[each.current_id]) if each.current_id in links else each for each in contacts]


def _with_link(contact: Contact, link: Contact) -> Contact:
    return replace(
        contact, case_id=link.case_id, process=link.process, version=link.version, element=link.element,
        link=link.link,
    )  # fmt: skip


def _element_names(work: Work, wanted: set[tuple[str, int]]) -> dict[tuple[str, int, str], str]:
    if not wanted:
        return {}
    rows = work.session.execute(
        select(ProcessDefinition.key, ProcessVersion.number, ProcessVersion.elements)
        .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
        .where(ProcessDefinition.key.in_({key for key, _number in wanted}))
    )
    return {
        (key, number, each["id"]): str(each.get("name") or "")
        for key, number, elements in rows
        if (key, number) in wanted
        for each in elements
    }


def _process_names(work: Work) -> dict[str, str]:
    rows = work.session.execute(select(ProcessDefinition.key, ProcessDefinition.name))
    return {row.key: row.name for row in rows}


def _of_artefacts(work: Work, contacts: Sequence[Contact]) -> list[Contact]:
    """By the letter, label, page or offer that it is about, named with its activity."""
    rows = work.session.execute(
        select(Artefact.definition_key, Artefact.element, Artefact.name).order_by(Artefact.name, Artefact.id)
    )
    names: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        names.setdefault((row.definition_key, row.element), []).append(row.name)
    found = []
    for each in contacts:
        here = each.link == LinkKind.ABOUT_ARTEFACT
        called = " / ".join(dict.fromkeys(names.get((each.process, each.element), ()))) or each.name
        found.append(replace(each, key=_place_key(each) if here else "", name=called if here else ""))
    return found


def _of_themes(work: Work, contacts: Sequence[Contact]) -> list[Contact]:
    counts_in = aliased(Theme)
    themes: dict[int, tuple[str, str]] = {}
    for some in _chunks([each.current_id for each in contacts]):
        rows = work.session.execute(
            select(ThemeItem.item_id, counts_in.id, counts_in.name)
            .join(Theme, Theme.id == ThemeItem.theme_id)
            .join(counts_in, counts_in.id == Theme.counts_in_id)
            .where(ThemeItem.item_id.in_(some))
        )
        themes.update((item_id, (str(theme_id), name)) for item_id, theme_id, name in rows)
    none = ("", "")
    return [
        replace(each, key=themes.get(each.current_id, none)[0], name=themes.get(each.current_id, none)[1])
        for each in contacts
    ]


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    """The ids in lists that a statement can hold."""
    listed = sorted(ids)
    for begin in range(0, len(listed), CHUNK):
        yield listed[begin : begin + CHUNK]
