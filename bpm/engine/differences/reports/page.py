"""A difference as one page of HTML that stands alone: no script, nothing loaded, every value escaped."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from bpm.engine.differences.model import Difference
from bpm.engine.differences.reports.groups import Group, Line, groups_of, summary
from bpm.foundation.texts import _

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1e1f;--soft:#555c60;--ground:#fff;--line:#d5d9da;--add:#1c6333;--gone:#a3231c;--other:#7a4b00}
@media (prefers-color-scheme:dark){:root{--ink:#e7eaea;--soft:#a9b1b4;--ground:#16191a;--line:#3a4043;--add:#7fd39a;--gone:#ff9d94;--other:#f0c072}}
body{margin:0 auto;max-width:72rem;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
section{border:1px solid var(--line);border-left-width:6px;border-radius:4px;padding:.5rem 1rem;margin:.75rem 0;overflow-x:auto}
.added{border-left-color:var(--add)}.removed{border-left:6px dotted var(--gone)}.changed{border-left:6px dashed var(--other)}
h1{font-size:1.4rem}h2{font-size:1rem;margin:.25rem 0}.soft{color:var(--soft);font-weight:400}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid var(--line)}
thead th{border-top:0}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.4 ui-monospace,monospace}del{color:var(--gone)}ins{color:var(--add)}
"""  # noqa: E501 -- a style sheet
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def as_page(found: Difference, before: str, after: str) -> str:
    """The whole document, UTF-8."""
    title = f"{escape(before)} → {escape(after)}"
    body = "".join(part for group in groups_of(found) for part in _group(group))
    rest = "".join(f"<p>{escape(_('Not compared'))}: {escape(each)}</p>" for each in found.not_compared)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{escape(summary(found))}</p>{body}{rest}</main></body></html>\n"
    )


def _group(group: Group) -> Iterator[str]:
    words = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
    where = f" <code>{escape(group.element)}</code>" if group.element else ""
    told = f"{escape(group.kind)}, {escape(words[group.how])}{where}"
    yield f'<section class="{group.how}"><h2>{escape(group.name)} <span class="soft">{told}</span></h2>'
    if group.how == "changed":
        head = "".join(f'<th scope="col">{escape(each)}</th>' for each in (_("Property"), _("Before"), _("After")))
        rows = "".join(_row(line) for line in group.lines)
        yield f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    else:
        yield f"<ul>{''.join(f'<li>{escape(line.words)}</li>' for line in group.lines)}</ul>"
    yield "</section>"


def _row(line: Line) -> str:
    old, new = (f"<pre>{escape(each)}</pre>" if each else "–" for each in (line.before, line.after))
    words = "" if line.is_long else f'<br><span class="soft">{escape(line.words)}</span>'
    name = escape(line.what)
    return f'<tr><th scope="row">{name}{words}</th><td><del>{old}</del></td><td><ins>{new}</ins></td></tr>'
