"""What a person does about the clocks of an item: wait for the customer, go on, snooze, bring back."""

from web.clocks import acts
from web.clocks.blueprint import blueprint

__all__ = ["acts", "blueprint"]
