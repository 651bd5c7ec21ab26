"""What the company sets about itself: its own addresses and accounts, its region, as whom a source's authors speak."""

from sqlalchemy import select, update

from bpm import audit
from bpm.feedback.customers.addresses import Address, is_region, parse_address
from bpm.feedback.customers.company import EVERYWHERE, REGION, VOICE, read_company
from bpm.feedback.events import VoicesSet
from bpm.feedback.models import FeedbackItem, OwnAddress, SourceOption
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

_COMPANY = audit.Thing("setting", "company", "The company's own addresses")


def add_own_address(work: Work, written: str, *, source: str = "") -> int:
    """Name an address, number or @account as the company's own: what comes from there is no customer's from now on."""
    demand(work.actor, Permission.IMPORT)
    address = parse_address(written, read_company(work, ()).region_of(EVERYWHERE))
    if address is None:
        raise InvalidInputError(
            _("%(written)r is no address.") % {"written": written.strip()[:80]},
            place="address",
            remedy=_("Write an e-mail address, a phone number with its country, or an @account."),
        )
    scope = source.strip()[:120] if address.kind == "handle" else ""
    known = work.session.scalar(
        select(OwnAddress.id).where(
            OwnAddress.kind == address.kind, OwnAddress.scope == scope, OwnAddress.value == address.value
        )
    )
    if known is not None:
        return known
    row = OwnAddress(kind=address.kind, scope=scope, value=address.value[:320], created_at=work.now())
    work.session.add(row)
    work.session.flush()
    audit.record(work, "company.add_address", _COMPANY, after={"kind": row.kind, "address": row.value})
    return row.id


def drop_own_address(work: Work, own_id: int) -> Address:
    """Take an address off the list; what was said from it before stays as it is."""
    demand(work.actor, Permission.IMPORT)
    row = work.session.get(OwnAddress, own_id)
    if row is None:
        raise NotFoundError(_("There is no own address %(own_id)s.") % {"own_id": own_id})
    audit.record(work, "company.drop_address", _COMPANY, before={"kind": row.kind, "address": row.value})
    address = Address(row.kind, row.scope, row.value)
    work.session.delete(row)
    return address


def set_region(work: Work, region: str, *, source: str = EVERYWHERE) -> None:
    """Where numbers without a country are dialled (ISO 3166, such as GB; empty: nobody knows); of one source or all."""
    demand(work.actor, Permission.IMPORT)
    code = region.strip().upper()
    if code and not is_region(code):
        raise InvalidInputError(
            _("%(written)r is no region.") % {"written": region.strip()[:20]},
            place="region",
            remedy=_("Write its two letters, such as GB or DE."),
        )
    _set(work, source, REGION, code)


def set_voice(work: Work, source: str, voice: str) -> int:
    """As whom the authors of a source speak (empty: as each is known); its items are marked so, too. How many were."""
    demand(work.actor, Permission.IMPORT)
    if voice and voice not in set(Voice):
        raise InvalidInputError(
            _("%(voice)r is no voice.") % {"voice": voice},
            place="voice",
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(Voice)},
        )
    if not source.strip():
        raise InvalidInputError(_("The source is not named."), place="source", remedy=_("Choose one."))
    _set(work, source, VOICE, voice)
    found = work.session.scalars(
        update(FeedbackItem)
        .where(FeedbackItem.source == source, FeedbackItem.voice != (voice or Voice.CUSTOMER))
        .values(voice=voice or Voice.CUSTOMER)
        .returning(FeedbackItem.id)
    ).all()
    if found:
        work.publish(VoicesSet(tuple(found)))
    return len(found)


def _set(work: Work, source: str, name: str, value: str) -> None:
    row = work.session.scalar(select(SourceOption).where(SourceOption.source == source))
    if row is None:
        row = SourceOption(source=source[:120], options={}, updated_at=work.now())
        work.session.add(row)
    before = row.options.get(name)
    row.options = {key: each for key, each in row.options.items() if key != name} | ({name: value} if value else {})
    row.updated_at = work.now()
    audit.record(work, "company.set", _COMPANY, before={f"{name} {source}": before}, after={f"{name} {source}": value})
    work.session.flush()


def set_item_voice(work: Work, item_id: int, voice: str) -> None:
    """Correct as whom the author of one item spoke."""
    demand(work.actor, Permission.ANSWER)
    if voice not in set(Voice):
        raise InvalidInputError(
            _("%(voice)r is no voice.") % {"voice": voice},
            place="voice",
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(Voice)},
        )
    item = work.session.get(FeedbackItem, item_id)
    if item is None:
        raise NotFoundError(_("There is no item %(item_id)s.") % {"item_id": item_id})
    thing = audit.Thing("feedback", item.id, f"Feedback {item.id}", f"feedback {item.id}")
    audit.record(work, "feedback.voice", thing, before={"voice": item.voice}, after={"voice": voice})
    item.voice = Voice(voice)
    work.session.flush()
    work.publish(VoicesSet((item.id,)))
