"""What the demo's company keeps beside its processes: owners, goals, money, hours, and what both sides think."""

from bpm.demo.company.settling import keep, open_for_work

__all__ = ["keep", "open_for_work"]
