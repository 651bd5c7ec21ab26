"""Reports of measures in the browser: asked by a form without script, the address holds all of it."""

from web.reports import equity, files, kept, kpis, pages, rows
from web.reports.blueprint import blueprint

__all__ = ["blueprint", "equity", "files", "kept", "kpis", "pages", "rows"]
