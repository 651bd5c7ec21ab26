"""Economics on screen: costs and budgets, causes of contact, channels, capacity, what to stop."""

from web.economics import capacity, causes, channels, costs, plan, stop
from web.economics.blueprint import blueprint

__all__ = ["blueprint", "capacity", "causes", "channels", "costs", "plan", "stop"]
