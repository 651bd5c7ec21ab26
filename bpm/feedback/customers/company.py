"""What the company says of itself: its own addresses, where its numbers are dialled, whose voice a source brings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from bpm.feedback.customers.addresses import Address, addresses_of, phone_of
from bpm.feedback.models import OwnAddress, SourceOption
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Voice
from bpm.foundation.work import Work

EVERYWHERE = ""
"""The name under which options of all sources stand beside those of single ones."""
REGION, VOICE = "region", "voice"


@dataclass(frozen=True)
class Company:
    """Own addresses, and by source the region of its numbers (ISO 3166) and the voice of its authors."""

    own: frozenset[Address] = frozenset()
    regions: dict[str, str] = field(default_factory=dict)
    voices: dict[str, Voice] = field(default_factory=dict)

    def region_of(self, source: str) -> str:
        return self.regions.get(source) or self.regions.get(EVERYWHERE, "")

    def voice_of(self, source: str) -> Voice | None:
        return self.voices.get(source)


def localised(raw: RawItem, company: Company) -> RawItem:
    """The item with its number in full, where its source's region tells the country, and without our own addresses.

    Whoever compares authors later then need not know the company.
    """
    number = phone_of(raw.author_phone, company.region_of(raw.source)) if raw.author_phone else ""
    phone = number if number.startswith("+") else raw.author_phone
    if not company.own:
        return raw if phone == raw.author_phone else replace(raw, author_phone=phone)
    told = set(addresses_of(replace(raw, author_phone=phone), own=company.own))
    kinds = {address.kind for address in told}
    return replace(
        raw,
        author_phone=phone if "phone" in kinds else "",
        author_email=raw.author_email if "email" in kinds else "",
        author_handle=raw.author_handle if "handle" in kinds else "",
    )


def read_company(work: Work, sources: Collection[str]) -> Company:
    """What is set for these sources, by two statements."""
    own = work.session.execute(select(OwnAddress.kind, OwnAddress.scope, OwnAddress.value))
    names: Sequence[str] = sorted({*sources, EVERYWHERE})
    options = {
        row.source: row.options
        for row in work.session.execute(
            select(SourceOption.source, SourceOption.options).where(SourceOption.source.in_(names[:900]))
        )
    }
    return Company(
        frozenset(Address(kind, scope, value) for kind, scope, value in own),
        {source: str(each[REGION]) for source, each in options.items() if each.get(REGION)},
        {source: Voice(each[VOICE]) for source, each in options.items() if each.get(VOICE) in set(Voice)},
    )
