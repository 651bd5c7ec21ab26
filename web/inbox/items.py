"""The inbox in three panes: views and channels, the items, one item with its conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from bpm import attachments, identity
from bpm.attachments import AttachmentRow
from bpm.feedback import CHANNELS, KINDS, describe_cut, queries, tags
from bpm.feedback.items import feedback_item
from bpm.feedback.queries import (
    Entry,
    ItemDetail,
    ItemRow,
    MessageRow,
    PersonRow,
    Refresher,
    RefresherLine,
    Stream,
)
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import routing
from bpm.processes.escapes import EscapeRow, escape_of
from bpm.processes.queries import MOST_COUNTED, InboxCounts, count_inbox
from web.clocks.panel import ClockPanel, clock_panel
from web.core.on_record.reads import note_read
from web.core.rendering import Choice, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox import words
from web.inbox.blueprint import blueprint
from web.inbox.listing.filters import VIEWS, args_of, choices_of, found_now, item_url, list_url, view_of
from web.inbox.listing.saved import ViewLink, view_links
from web.inbox.parts.gestures import GesturePart, gesture_part
from web.inbox.parts.hand_overs import HandOverPart, hand_over_part
from web.inbox.parts.landing import LandingPart, landing_part
from web.inbox.parts.news import News, news_of
from web.outbox.engage import engage_block
from web.outbox.words import Delivery, delivery
from web.playbooks.panel import PlaybookPanel, playbook_panel
from web.promises.panel import PromisesPanel, panel_of
from web.ui.clocks import draw_clock
from web.ui.formats import department, now, number


@dataclass(frozen=True)
class Listed:
    """One row of the list."""

    row: ItemRow
    url: str
    chosen: bool
    shape: str
    mood: str
    urgency: str
    urgency_word: str
    certainty: str
    clock: Markup
    """How its clock stands."""


@dataclass(frozen=True)
class Message:
    """One entry of the stream, ready to show."""

    entry: Entry
    here: bool
    url: str
    certainty: str
    turns: tuple[dict[str, Any], ...]
    delivery: Delivery | None = None
    """How far a reply is."""


@dataclass(frozen=True)
class AspectLine:
    """A part of an item that speaks of one thing."""

    text: str
    kind: str
    topic: str | None
    shape: str
    mood: str


@dataclass(frozen=True)
class ItemPane:
    """One item with everything around it."""

    detail: ItemDetail
    listed: Listed
    text: Markup
    aspects: tuple[AspectLine, ...]
    """Its parts where they speak of different things."""
    note: str
    care: str
    cut: str
    """What was left out of its words, and where it is."""
    masked: str
    """What was masked in its words: kinds and how often."""
    stream: Stream
    messages: tuple[Message, ...]
    refresher: Refresher
    news: News | None
    """What is new since the reader last looked."""
    reminders: tuple[RefresherLine, ...]
    """The refresher's lines, each source once; none when the conversation is only this item."""
    people: tuple[PersonRow, ...]
    """Who takes part in the conversation."""
    voices: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    topics: tuple[str, ...]
    where: Markup
    may_answer: bool
    engage: Markup
    """The form to answer with."""
    back: str
    promises: PromisesPanel
    playbooks: PlaybookPanel
    tags: tuple[tuple[int, str], ...]
    clock: ClockPanel
    escape: EscapeRow | None
    """That it was said in public while a case or private words of theirs waited."""
    files: tuple[AttachmentRow, ...]
    """What came with it."""
    decisions: dict[str, str]
    hand_overs: HandOverPart
    landing: LandingPart
    gestures: GesturePart
    chosen: tuple[str, ...]
    """To whom it was to go, where the form comes back."""
    errors: dict[str, str]
    written: dict[str, str]


@dataclass(frozen=True)
class InboxPage:
    """What inbox/items.html shows."""

    rows: tuple[Listed, ...]
    after: int | None
    views: tuple[Choice, ...]
    saved: tuple[ViewLink, ...]
    inboxes: tuple[Choice, ...]
    """With whom items land first."""
    channels: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    moods: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    voices: tuple[Choice, ...]
    text: str
    kept: tuple[tuple[str, str], ...]
    """Filters that the search form has to carry."""
    to_do: int
    """How many items are to be done, at most `most` and one: beyond, the heading asks for the number by itself."""
    holes: int
    most: int
    """Where the counts stop."""
    filtered: bool
    narrowing: dict[str, Any]
    """The filters, for a file of the list."""
    back: str
    item: ItemPane | None
    decisions: dict[str, str]


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def items() -> str:
    return render("inbox/items.html", page_of(None))


@blueprint.get("/<int:item_id>")
@needs(Permission.SEE_FEEDBACK)
def item(item_id: int) -> str:
    note_read("feedback.read", feedback_item(item_id))
    return render("inbox/items.html", page_of(item_id))


@blueprint.get("/to-do")
@needs(Permission.SEE_FEEDBACK)
def to_do() -> str:
    """The number of what is to be done, whatever it is, for the heading."""
    return f'<span id="to-do" class="count">{number(queries.count_to_do(work()))}</span>'


def page_of(
    item_id: int | None,
    *,
    errors: dict[str, str] | None = None,
    written: dict[str, str] | None = None,
    engage: InvalidInputError | None = None,
) -> InboxPage:
    """The whole inbox, with one item open or none; `errors` and `written` bring a form back that did not fit.

    `engage`: why a reply did not go out.
    """
    found = found_now()
    counts = count_inbox(work())
    pane = _pane(item_id, errors or {}, written or {}, engage) if item_id is not None else None
    args, view = args_of(), view_of()
    return InboxPage(
        rows=tuple(listed(row, item_id) for row in found.rows),
        after=found.after,
        views=tuple(
            Choice(
                label,
                list_url(view=None if key == "open" else key),
                view_of() == key,
                counts.black_holes if key == "holes" else None,
            )
            for key, label in VIEWS
        )
        + _drafts(counts),
        saved=view_links(work(), args),
        inboxes=_inboxes(),
        channels=choices_of("channel", ((channel, None) for channel in CHANNELS)),
        kinds=choices_of("kind", ((kind, None) for kind in KINDS)),
        moods=choices_of("sentiment", ((each, None) for each in ("negative", "neutral", "positive"))),
        topics=choices_of("topic", queries.topics_in_use(work(), 12)),
        groups=choices_of("group", ((group, None) for group in sorted(actor().groups))) if view == "handed" else (),
        voices=choices_of("voice", ((voice, None) for voice in Voice)),
        text=args.get("text", ""),
        kept=tuple((key, value) for key, value in args.items() if key != "text"),
        to_do=counts.to_do,
        holes=counts.black_holes,
        most=MOST_COUNTED,
        filtered=bool(args),
        narrowing=dict(args),
        back=list_url(),
        item=pane,
        decisions=words.DECISIONS,
    )


def _inboxes() -> tuple[Choice, ...]:
    chosen = request.args.get("inbox", "")
    choices = [Choice(_("Everybody's"), list_url(inbox=None), not chosen)]
    # The advocates' and those of the reader's groups: by their keys, so that no list reads for it.
    mine = dict.fromkeys((routing.ADVOCATES, *sorted(actor().groups), *([chosen] if chosen else ())))
    return (*choices, *(Choice(department(key), list_url(inbox=key), chosen == key) for key in mine))


def _drafts(counts: InboxCounts) -> tuple[Choice, ...]:
    """The way to the words that wait for this person to send or drop, while there are any."""
    count = counts.drafts if may(actor(), Permission.ANSWER) else 0
    return (Choice("Drafts", url_for("links.drafts"), active=False, count=count),) if count else ()


def listed(row: ItemRow, chosen: int | None = None) -> Listed:
    """A row as the list shows it; its link keeps the filters."""
    shape, mood = words.mood(row.sentiment)
    return Listed(
        row=row,
        url=item_url(row.id),
        chosen=row.id == chosen,
        shape=shape,
        mood=mood,
        urgency=words.urgency_mark(row.urgency),
        urgency_word="urgency unknown" if row.urgency is None else words.URGENCY[row.urgency],
        certainty=words.certainty(row),
        clock=draw_clock(row.clock, now()),
    )


def _pane(item_id: int, errors: dict[str, str], written: dict[str, str], engage: InvalidInputError | None) -> ItemPane:
    from web.insights.links import where_it_went

    detail = queries.get_item(work(), item_id)
    stream = queries.conversation_of(work(), item_id)
    row = detail.row
    answers = may(actor(), Permission.ANSWER)
    replies = [entry.reply_id for entry in stream.entries if entry.reply_id is not None]
    carried = queries.deliveries_of(work(), replies) if replies else {}
    remembered = queries.refresher(work(), stream.conversation_id)
    return ItemPane(
        detail=detail,
        listed=listed(row, item_id),
        text=words.underlined(row.text, detail.evidence, row.primary),
        aspects=tuple(_aspect(row.text, each) for each in detail.aspects),
        note=words.note(detail.note, row.language),
        care=words.care(detail.complexity, detail.sensitivity),
        cut=describe_cut(detail.extra.get("cut")),
        masked=words.masked(detail.masked),
        stream=stream,
        messages=tuple(_message(entry, detail, carried) for entry in stream.entries),
        refresher=remembered,
        news=news_of(work(), stream),
        reminders=_reminders(remembered, stream),
        people=queries.people_of(work(), stream.conversation_id),
        voices=tuple(Voice),
        groups=tuple((group.key, group.name) for group in identity.list_groups(work())),
        kinds=KINDS,
        topics=tuple(topic for topic, _number in queries.topics_in_use(work(), 30)),
        where=where_it_went(work(), item_id),
        may_answer=answers,
        engage=engage_block(item_id, work(), error=engage) if answers else Markup(""),
        back=list_url(),
        escape=escape_of(work(), item_id),
        clock=clock_panel(item_id, snoozed_until=row.snoozed_until),
        playbooks=playbook_panel(row),
        tags=tags.tags_of(work(), [row.first_id]).get(row.first_id, ()),
        promises=panel_of(row.customer_id, item_id=item_id, conversation_id=stream.conversation_id),
        files=attachments.list_attachments(work(), "item", item_id)[::-1],
        decisions=words.DECISIONS,
        hand_overs=hand_over_part(work(), item_id),
        gestures=gesture_part(work(), item_id),
        landing=landing_part(work(), row, detail.complexity),
        chosen=tuple(request.form.getlist("to")),
        errors=errors,
        written=written,
    )


def _aspect(text: str, told: Mapping[str, Any]) -> AspectLine:
    shape, mood = words.mood(told["sentiment"])
    return AspectLine(text[told["start"] : told["end"]], told["kind"], told["topic"], shape, mood)


def _reminders(refresher: Refresher, stream: Stream) -> tuple[RefresherLine, ...]:
    if len(stream.entries) < 2:
        return ()
    still_open = (replace(line, label=f"still open, {line.label}") for line in refresher.open)
    about = (replace(line, label=f"about {line.label}") for line in refresher.topics)
    lines: dict[tuple[int, int | None, int | None], RefresherLine] = {}
    for line in (*refresher.promises, *refresher.exchange, *still_open, *refresher.people, *about):
        lines.setdefault(line.source, line)
    return tuple(lines.values())


def _message(entry: Entry, detail: ItemDetail, carried: Mapping[int, MessageRow]) -> Message:
    sure = entry.link_confidence
    note = f"joined by {entry.link_method}, {round(sure * 100)} % sure" if entry.item and sure < 1 else ""
    return Message(
        entry=entry,
        here=entry.item_id == detail.row.id and entry.kind == "item",
        url=item_url(entry.item_id),
        certainty=note,
        turns=tuple((entry.extra or {}).get("turns", ())),
        delivery=delivery(carried[entry.reply_id])
        if entry.reply_id is not None and entry.reply_id in carried
        else None,
    )
