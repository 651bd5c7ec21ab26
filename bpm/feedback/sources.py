"""Where items come from, as people set it up: webhook sources, and what somebody writes down."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from secrets import token_hex, token_urlsafe

from sqlalchemy import func, select

from bpm import audit
from bpm.feedback.channels import Context, Row, webhook
from bpm.feedback.channels.fields import check_mapping
from bpm.feedback.intake.accounting import account, is_item
from bpm.feedback.intake.deliveries import run_of_day
from bpm.feedback.intake.reader import read_body
from bpm.feedback.intake.receive import Received, keep_all, receive
from bpm.feedback.models import ImportRun, WebhookSource
from bpm.feedback.raw_item import CHANNELS, RawItem
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import Transactions, Work
from bpm.secrets import Owner, get_secret, put_secret

SECRET_SHOWN = timedelta(minutes=10)
"""How long after it was made a source's secret can be read."""


@dataclass(frozen=True)
class NewWebhook:
    """A webhook source just made, with its secret."""

    id: int
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Delivered:
    """What became of a call: of each of its `items` in order, and the rows that were left out."""

    received: list[Received]
    items: list[Row]
    left_out: list[Row]


def save_webhook(
    work: Work, name: str, *, channel: str, source: str = "", mapping: Mapping[str, str] | None = None
) -> NewWebhook:
    """Let another system hand in items; `channel` empty: each item tells its own. InvalidInputError for bad values."""
    check_mapping(mapping or {})
    if channel and channel not in CHANNELS:
        raise InvalidInputError(
            f"{channel!r} is no channel.", place="channel", remedy=f"Use one of {', '.join(CHANNELS)}."
        )
    if not name.strip():
        raise InvalidInputError("The source has no name.", remedy="Give it one.", fields={"name": "Give it a name."})
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    row = WebhookSource(
        name=name.strip()[:120],
        key=f"{slug or 'source'}-{token_hex(4)}",
        channel=channel,
        source=(source.strip() or name.strip())[:120],
        mapping=dict(mapping or {}),
        created_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    secret = token_urlsafe(32)
    put_secret(work, _owner(row), secret)
    made = {"channel": row.channel, "source": row.source, "key": row.key, "on": True}
    audit.record(work, "webhook.make", audit.Thing("webhook", row.id, row.name), after=made)
    return NewWebhook(row.id, row.key, secret)


def new_webhook(work: Work, webhook_id: int) -> NewWebhook | None:
    """A source with its secret while it is new: whoever clicked twice sees it, too. None once SECRET_SHOWN is over."""
    row = work.session.get(WebhookSource, webhook_id)
    if row is None or work.now() - row.created_at > SECRET_SHOWN:
        return None
    return NewWebhook(row.id, row.key, _secret_of(work, row))


def switch_webhook(work: Work, webhook_id: int, *, active: bool) -> None:
    """Take calls from this source, or refuse them; NotFoundError when there is none."""
    row = work.session.get(WebhookSource, webhook_id)
    if row is None:
        raise NotFoundError(f"There is no webhook source {webhook_id}.")
    thing = audit.Thing("webhook", row.id, row.name)
    audit.record(work, "webhook.switch", thing, before={"on": row.active}, after={"on": active})
    row.active = active


def _owner(row: WebhookSource) -> Owner:
    return Owner("webhook_source", str(row.id))


def _secret_of(work: Work, row: WebhookSource) -> str:
    """What the source signs with; SecretUnreadableError when it cannot be opened.

    In plain text only until the next `seal_plain_secrets`: a release before left it so during a rolling restart.
    """
    return row.secret if row.secret is not None else get_secret(work, _owner(row))


def _seal(work: Work, row: WebhookSource) -> None:
    """Move a secret that a process of the release before left in plain text during a rolling restart."""
    if row.secret is not None:
        put_secret(work, _owner(row), row.secret)
        row.secret = None


def seal_plain_secrets(work: Work) -> int:
    """Move all secrets of webhook sources that stand in plain text; gives how many."""
    rows = work.session.scalars(select(WebhookSource).where(WebhookSource.secret.is_not(None))).all()
    for row in rows:
        _seal(work, row)
    return len(rows)


def count_plain_secrets(work: Work) -> int:
    """How many webhook sources have a secret in plain text."""
    query = select(func.count()).select_from(WebhookSource).where(WebhookSource.secret.is_not(None))
    return work.session.scalar(query) or 0


def receive_webhook(transactions: Transactions, key: str, body: bytes, *, headers: Mapping[str, str]) -> Delivered:
    """Take in what another system posts: all of it or, when one object is unfit, nothing.

    `headers`: those that prove the call, their names in small letters (see `channels.webhook.proofs`).
    What is nobody's voice, and what of an item could not be used, is named in the answer and in the run of the day.

    The body is read between two transactions, so that nobody waits for a long one. NotFoundError for an unknown key,
    ForbiddenError for a bad or stale signature or a source that is switched off, InvalidInputError naming the object
    (from 0) and the field that does not fit.
    """
    with transactions.reading() as work:
        context = _proven(work, key, body, headers)
        now = work.now()
    rows = read_body(body, context, now=now)
    items = [row for row in rows if is_item(row)]
    with transactions() as work:
        run_id = run_of_day(work, key, context)
        received = keep_all(work, [row.item for row in items if row.item is not None], run_id=run_id)
        _name_what_is_odd(work, run_id, rows, dict(zip(map(id, items), received, strict=True)))
    return Delivered(received, items, [row for row in rows if not is_item(row)])


def _name_what_is_odd(work: Work, run_id: int, rows: Sequence[Row], received: Mapping[int, Received]) -> None:
    """Only a call that brings something odd touches the run's row: others need not queue behind it."""
    odd = [row for row in rows if row.ignored or row.warnings or (id(row) in received and received[id(row)].warning)]
    if not odd:
        return
    run = work.session.get_one(ImportRun, run_id, with_for_update=True)
    start, run.done_rows = run.done_rows, run.done_rows + len(rows)
    numbered = [replace(row, number=start + row.number) for row in odd]
    account(work, run, start, numbered, [received[id(row)] for row in odd if is_item(row)])
    work.nudge("imports")


def _proven(work: Work, key: str, body: bytes, headers: Mapping[str, str]) -> Context:
    row = work.session.scalar(select(WebhookSource).where(WebhookSource.key == key))
    if row is None:
        raise NotFoundError("There is no such webhook.", remedy="Look up its address under Imports.")
    webhook.prove(_secret_of(work, row), body, headers, now=work.now())
    if not row.active:
        raise ForbiddenError("This webhook is switched off.", remedy="Switch it on under Imports.")
    return Context(row.channel, row.source, "", row.mapping)


HEARD = {"phone": "call", "counter": "call", "meeting": "call", "chat": "chat"}
"""Where a colleague hears something -> the channel that it counts for: what was spoken counts as a call."""


def capture(work: Work, where: str, text: str, *, person: str = "") -> Received:
    """Keep what a colleague heard; anybody who signs in may. ForbiddenError unless a person acts.

    `where` is one of HEARD, or a channel. `person` is a name, an e-mail address or a phone number, as far as it is
    known.
    """
    if not work.actor.is_person:
        raise ForbiddenError("Only a person can write down what was heard.", remedy="Sign in.")
    known = person.strip()
    is_email, is_phone = "@" in known, bool(re.fullmatch(r"\+?[\d\s()./-]{6,}", known))
    return receive(
        work,
        RawItem(
            channel=HEARD.get(where, where),
            source="written down",
            text=text,
            natural_key=f"note {token_hex(12)}",
            author_email=known if is_email else "",
            author_phone=known if is_phone else "",
            author_name="" if is_email or is_phone else known,
            extra={"written_down_by": work.actor.display_name, **({"heard": where} if where in HEARD else {})},
            raw={"channel": where, "text": text, "person": person},
        ),
    )
