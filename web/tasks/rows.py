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
from web.ui.formats import department, percent
from web.ui.html import badge, bar, posts, shorten, whens
from web.ui.task_dates import priority_word

STATUS_WORDS = {"cancelled": "withdrawn"}
LONGEST = 110
"""Characters of the customer's words in a row."""
MOST_ANSWERS = 4
"""Of a finished task, in its row."""
MOST_KEPT = 2_000
"""Rows that a process keeps drawn: forty pages."""
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


def draw_rows(rows: Sequence[TaskRow], *, tasks: str, back: str) -> Markup:
    """The rows of the table. `tasks`: address of the list, before an item's id; `back`: where a claim leads to."""
    pen = _Pen(
        root=str(escape(tasks)),
        claim=posts("Claim", hidden={"next": back}, target="rows"),
        stand_in=posts(_("Take it"), hidden={"next": back}, target="rows"),
        when=whens(),
        choose=_("Choose %(task)s"),
    )
    return Markup("\n".join(_row(row, pen) for row in rows))  # noqa: S704 (every value below is escaped)


def _row(row: TaskRow, pen: _Pen) -> str:
    item = row.item
    return (
        f"{_beginning(item, row.words, row.entered, row.missing, pen.root, pen.choose)}{pen.when(_moment(row))}</td>"
        f'<td data-label="Due" class="nowrap">{_due(row, pen)}</td>'
        f'<td data-label="Follow-up" class="nowrap">{pen.when(item.follow_up_at) if item.follow_up_at else ""}</td>'
        f'<td data-label="Who" class="nowrap">{_who(row, pen)}</td></tr>'
    )


# What of a row depends on neither the moment nor the reader: the next look at the list finds most rows as they were.
@lru_cache(maxsize=MOST_KEPT)
def _beginning(
    item: WorkItemRow,
    words: Words | None,
    entered: tuple[tuple[str, str], ...],
    missing: tuple[str, ...],
    root: str,
    choose: str,
) -> str:
    is_open = item.status == WorkItemStatus.OPEN
    held = ' class="held"' if item.is_suspended and is_open else ""
    key = f", {escape(item.business_key)}" if item.business_key else ""
    said = f"“{escape(shorten(words.text, LONGEST))}”" if words else ""
    if entered:
        answers = " · ".join(_answer(label, answer) for label, answer in entered[:MOST_ANSWERS])
        said += f'<div class="soft">{escape(answers)}</div>'
    return (
        f'<tr{held}><td class="first">{_tick(item, choose) if is_open else ""}'
        f'<a class="open" id="task-{item.id}" href="{root}/{item.id}">'
        f"{escape(item.name or item.element)}</a>{_priority(item)}"
        f'<div class="soft">{escape(item.process_name)}{key}</div>{_missing(missing)}</td>'
        f'<td class="said quote">{said}</td>'
        f'<td data-label="Group" class="nowrap">{escape(department(item.group_key or "anybody"))}</td>'
        f'<td data-label="{"Since" if is_open else "Ended"}" class="nowrap">'
    )


def _answer(label: str, answer: str) -> str:
    """A question is followed by its answer, any other label by a colon."""
    return f"{label}{'' if label.endswith(('?', ':')) else ':'} {shorten(answer, LONGEST)}"


def _moment(row: TaskRow) -> datetime:
    """Since when it waits; of what is over, when that was."""
    return row.item.created_at if row.is_open else row.item.completed_at or row.item.created_at


def _tick(item: WorkItemRow, choose: str) -> str:
    """What chooses the row for doing something with many."""
    label = escape(choose % {"task": item.name or item.element})
    return f'<input type="checkbox" name="task" value="{item.id}" form="many" aria-label="{label}"> '


def _priority(item: WorkItemRow) -> str:
    """Told where it is not the usual one."""
    if item.priority == NORMAL_PRIORITY:
        return ""
    tone = "warn" if item.priority > NORMAL_PRIORITY else "plain"
    return " " + badge(_("priority %(word)s") % {"word": priority_word(item.priority)}, tone)


def _missing(missing: Sequence[str]) -> str:
    """What is not known yet and will be needed: seen before the task is taken."""
    if not missing:
        return ""
    named = ", ".join(shorten(label, LONGEST) for label in missing[:MOST_MISSING])
    more = len(missing) - MOST_MISSING
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
