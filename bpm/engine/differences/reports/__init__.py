"""A difference written out: as text, as Markdown for a pull request, as one page that stands alone."""

from bpm.engine.differences.reports.groups import Group, Line, groups_of
from bpm.engine.differences.reports.markdown import as_markdown
from bpm.engine.differences.reports.page import as_page
from bpm.engine.differences.reports.text import as_lines

__all__ = ["Group", "Line", "as_lines", "as_markdown", "as_page", "groups_of"]
