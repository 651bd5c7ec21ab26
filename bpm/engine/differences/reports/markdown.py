"""A difference as Markdown, to be put into a pull request."""

import re
from collections.abc import Iterator

from bpm.engine.differences.model import Difference
from bpm.engine.differences.reports.groups import Group, groups_of, summary
from bpm.foundation.texts import _

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~@$-])")


def as_markdown(found: Difference, before: str, after: str) -> str:
    """A heading with both names, what changed in a table for each thing, what was not compared at the end."""
    head = [f"## {_plain(before)} → {_plain(after)}", "", summary(found), ""]
    body = [line for group in groups_of(found) for line in _group(group)]
    rest = [f"- {_('Not compared')}: {_plain(each)}" for each in found.not_compared]
    return "\n".join([*head, *body, *rest]).rstrip() + "\n"


def _group(group: Group) -> Iterator[str]:
    words = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
    where = f" {_code(group.element)}" if group.element else ""
    yield f"**{_plain(group.name)}** ({_plain(group.kind)}, {words[group.how]}){where}"
    yield ""
    if group.how == "changed":
        yield from (f"| {_('Property')} | {_('Before')} | {_('After')} |", "| --- | --- | --- |")
        for line in group.lines:
            old, new = _sides(line.words, line.before, line.after)
            yield f"| {_plain(line.what)} | {_plain(old)} | {_plain(new)} |"
    else:
        yield from (f"- {_plain(line.words)}" for line in group.lines)
    yield ""


def _sides(words: str, before: str, after: str) -> tuple[str, str]:
    """Before and after in words where these are two plain values, else as they are written."""
    parts = words.split(" → ")
    return (parts[0], parts[1]) if len(parts) == 2 and not words.startswith("line ") else (before, after)


def _plain(text: str) -> str:
    """Text that is no markup: what has a meaning in Markdown or HTML is escaped, line breaks are kept in a table."""
    return _SPECIAL.sub(r"\\\1", text.strip()).replace("\r", "").replace("\n", "<br>")


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
