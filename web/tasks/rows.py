"""The rows of the list of work items as HTML: fifty of them drawn by a template cost more than the rest of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from bpm.engine.models import NORMAL_PRIORITY
from bpm.engine.queries import WorkItemRow
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from web.tasks.words import Words
from web.ui.formats import percent
from web.ui.html import badge, bar, posts, shorten, whens
from web.ui.task_dates import priority_word

STATUS_WORDS = {"cancelled": "withdrawn"}
LONGEST = 110
"""Characters of the customer's words in a row."""
MOST_ANSWERS = 4
"""Of a finished task, in its row."""
MOST_MISSING = 3
"""Missing facts that a row names; how many more there are is told."""


@dataclass(frozen=True)
class TaskRow:
    """One work item as the list shows it."""

    item: WorkItemRow
    words: Words | None
    mine: bool
    clock: float | None
    """Share of the time until it is due that has gone by; None when nothing is due."""
    entered: tuple[tuple[str, str], ...] = ()
    """(label, answer) of what was entered when it was finished."""
    missing: tuple[str, ...] = ()
    """Labels of what it needs and the case does not know."""
    stands_in: bool = False
    """The reader stands in for who has it."""

    @property
    def is_open(self) -> bool:
        return self.item.status == WorkItemStatus.OPEN


@dataclass(frozen=True)
class _Pen:
    """What the rows of one page have in common, looked up once."""

    root: str
    """Address of the list, before an item's id."""
    claim: Callable[[str], Markup]
    stand_in: Callable[[str], Markup]
    when: Callable[[datetime], Markup]
    choose: str
    """What the tick of a row is called, in the reader's language."""
    plain: Callable[[str], str]
    """A text with every mark of HTML escaped; rows repeat a few names of groups, activities and processes."""


def draw_rows(rows: Sequence[TaskRow], *, tasks: str, back: str) -> Markup:
    """The rows of the table. `tasks`: address of the list, before an item's id; `back`: where a claim leads to."""
    pen = _Pen(
        root=str(escape(tasks)),
        claim=posts("Claim", hidden={"next": back}, target="rows"),
        stand_in=posts(_("Take it"), hidden={"next": back}, target="rows"),
        when=whens(),
        choose=_("Choose %(task)s"),
        plain=lru_cache(lambda text: str(escape(text))),
    )
    return Markup("\n".join(_row(row, pen) for row in rows))  # noqa: S704 (every value below is escaped)


def _row(row: TaskRow, pen: _Pen) -> str:
    item, plain = row.item, pen.plain
    held = ' class="held"' if item.is_suspended and row.is_open else ""
    key = f", {escape(item.business_key)}" if item.business_key else ""
    said = f"“{escape(shorten(row.words.text, LONGEST))}”" if row.words else ""
    if row.entered:
        answers = "; ".join(f"{label}: {shorten(answer, LONGEST)}" for label, answer in row.entered[:MOST_ANSWERS])
        said += f'<div class="soft">{escape(answers)}</div>'
    return (
        f'<tr{held}><td class="first">{_tick(row, pen)}<a class="open" id="task-{item.id}" href="{pen.root}/{item.id}">'
        f"{plain(item.name or item.element)}</a>{_priority(item)}"
        f'<div class="soft">{plain(item.process_name)}{key}</div>{_missing(row)}</td>'
        f'<td class="said quote">{said}</td>'
        f'<td data-label="Group" class="nowrap">{plain(item.group_key or "anybody")}</td>'
        f'<td data-label="Since" class="nowrap">{pen.when(item.created_at)}</td>'
        f'<td data-label="Due" class="nowrap">{_due(row, pen)}</td>'
        f'<td data-label="Follow-up" class="nowrap">{pen.when(item.follow_up_at) if item.follow_up_at else ""}</td>'
        f'<td data-label="Who" class="nowrap">{_who(row, pen)}</td></tr>'
    )


def _tick(row: TaskRow, pen: _Pen) -> str:
    """What chooses the row for doing something with many."""
    if not row.is_open:
        return ""
    label = pen.plain(pen.choose % {"task": row.item.name or row.item.element})
    return f'<input type="checkbox" name="task" value="{row.item.id}" form="many" aria-label="{label}"> '


def _priority(item: WorkItemRow) -> str:
    """Told where it is not the usual one."""
    if item.priority == NORMAL_PRIORITY:
        return ""
    tone = "warn" if item.priority > NORMAL_PRIORITY else "plain"
    return " " + badge(_("priority %(word)s") % {"word": priority_word(item.priority)}, tone)


def _missing(row: TaskRow) -> str:
    """What is not known yet and will be needed: seen before the task is taken."""
    if not row.missing:
        return ""
    named = ", ".join(shorten(label, LONGEST) for label in row.missing[:MOST_MISSING])
    more = len(row.missing) - MOST_MISSING
    said = _("missing: %(facts)s") if more <= 0 else _("missing: %(facts)s and %(number)s more")
    return badge(said % {"facts": named, "number": more}, "warn")


def _due(row: TaskRow, pen: _Pen) -> str:
    """When it is due; while it is open, how much of the time has gone by, too."""
    if row.item.due_at is None:
        return ""
    moment = pen.when(row.item.due_at)
    if row.clock is None or not row.is_open:
        return moment
    if row.clock >= 1:
        return moment + bar(1, "overdue", "bad") + badge("overdue", "bad")
    told = f"{percent(row.clock)} of the time has gone by"
    return moment + bar(row.clock, told, "warn" if row.clock > 0.75 else "plain")


def _who(row: TaskRow, pen: _Pen) -> str:
    """Who has it, or had it; the button that takes it while nobody does."""
    item = row.item
    if not row.is_open:
        state = badge(STATUS_WORDS.get(item.status, item.status))
        return f'<span class="soft">{escape(item.assignee or "")}</span> {state}'
    if item.is_suspended:
        return badge("suspended", "warn")
    if row.mine:
        return badge("you", "info")
    if row.stands_in and item.assignee:
        return f"{escape(_('for %(name)s') % {'name': item.assignee})} {pen.stand_in(f'{pen.root}/{item.id}/stand-in')}"
    return escape(item.assignee) if item.assignee else pen.claim(f"{pen.root}/{item.id}/claim")
