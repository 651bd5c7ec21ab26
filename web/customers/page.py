"""One customer: a refresher, conversations, the years with us, addresses and what they agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import request

from bpm.audit import Thing
from bpm.feedback import CHANNELS, queries
from bpm.feedback.people import PURPOSES
from bpm.feedback.queries import CustomerDetail, Refresher, RefresherLine, YearsEntry
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes.customers_cases import cases_of_customer
from web.core.on_record.reads import note_read
from web.core.rendering import Choice, here, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.customers.blueprint import blueprint, tabs
from web.promises.panel import PromisesPanel, panel_of

KINDS = ("item", "reply", "decision")
MOST_CASES = 20


@dataclass(frozen=True)
class CustomerPage:
    """What customers/customer.html shows; `errors` and `written` bring a form back that did not fit."""

    customer: CustomerDetail
    refresher: Refresher
    reminders: tuple[RefresherLine, ...]
    promises: PromisesPanel
    entries: tuple[YearsEntry, ...]
    older: str
    kinds: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    cases: tuple[int, ...]
    tabs: tuple[Choice, ...]
    may_change: bool
    voices: tuple[str, ...]
    all_channels: tuple[str, ...]
    purposes: tuple[str, ...]
    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/<int:customer_id>")
@needs(Permission.SEE_FEEDBACK)
def customer(customer_id: int) -> str:
    note_read("customer.read", Thing("customer", customer_id, f"Customer {customer_id}"))
    return render("customers/customer.html", page_of(customer_id))


def page_of(customer_id: int, error: InvalidInputError | None = None) -> CustomerPage:
    """The whole page; an error of a form stands above it, with its remedy."""
    detail = queries.get_customer_detail(work(), customer_id)
    kind, channel = request.args.get("kind", ""), request.args.get("channel", "")
    entries, older = queries.years_of(
        work(), customer_id,
        kind=kind if kind in KINDS else "", channel=channel if channel in CHANNELS else "", before=_until(),
    )  # fmt: skip
    refresher = queries.refresher_of_customer(work(), customer_id)
    sees_cases = may(actor(), Permission.SEE_PROCESSES)
    return CustomerPage(
        customer=detail,
        refresher=refresher,
        reminders=_reminders(refresher),
        promises=panel_of(customer_id),
        entries=entries,
        older=here(until=older.isoformat()) if older else "",
        kinds=_choices("kind", KINDS, kind),
        channels=_choices("channel", CHANNELS, channel),
        cases=cases_of_customer(work(), customer_id)[:MOST_CASES] if sees_cases else (),
        tabs=tabs("customers"),
        may_change=may(actor(), Permission.ANSWER),
        voices=tuple(Voice),
        all_channels=CHANNELS,
        purposes=PURPOSES,
        problem=f"{error.message} {error.remedy}" if error else "",
    )


def _choices(name: str, values: tuple[str, ...], chosen: str) -> tuple[Choice, ...]:
    found = [Choice(_("any"), here(**{name: None, "until": None}), not chosen)]
    return tuple(found + [Choice(each, here(**{name: each, "until": None}), each == chosen) for each in values])


def _until() -> datetime | None:
    written = request.args.get("until", "")
    if not written:
        return None
    try:
        instant = datetime.fromisoformat(written.replace(" ", "+"))
    except ValueError as error:
        raise InvalidInputError(
            _("The address does not say where the list goes on."), remedy=_("Start at the first page.")
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _reminders(refresher: Refresher) -> tuple[RefresherLine, ...]:
    """The refresher's lines, each source once."""
    lines: dict[tuple[int, int | None, int | None], RefresherLine] = {}
    for line in (*refresher.promises, *refresher.exchange, *refresher.open, *refresher.people, *refresher.topics):
        lines.setdefault(line.source, line)
    return tuple(lines.values())
