"""The screens of insights that share one blueprint: the overview, a version's measures, and rows behind figures."""

from web.insights import overview, process, rows
from web.insights.blueprint import blueprint

__all__ = ["blueprint", "overview", "process", "rows"]
