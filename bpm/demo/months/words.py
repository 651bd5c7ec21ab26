"""What customers of the demo's months ask for, and what they say while something hurts them or is over."""

import random

from bpm.demo.words import with_facts

ASKS = {
    "returns": (
        "I would like to send back the {device} from order {order}. Please mail me the label for the return.",
        "The {device} does not fit our flat. I want to return it within the fourteen days, order {order}.",
        "Please send me a label, I want to return the {device} of order {order}. It came {day}.",
        "I want to return the {device} from order {order}, it is not what I need. Please mail me the label.",
    ),
    "complaint_to_resolution": (
        "My bill for {plan} is {amount} higher than what was agreed and nobody can tell me why.",
        "The {device} from order {order} was to come {day} and did not. Tracking has not moved since.",
        "A dunning letter over {amount} although I paid {day}. This is the second time. Please take it back.",
        "The {device} I bought in your shop {day} stopped working after {hours} days and the shop sent me away.",
    ),
}
"""Process -> what opens a case of it."""
HURT = {
    "call_customer": (
        "You phoned me {day} to ask where the {device} is. Your own tracking says that you have it. I am angry.",
        "Why was I called about order {order}? You have had the parcel for a week. This is ridiculous.",
        "I was told on the phone that I would be charged {amount} for a {device} that you have received. Terrible.",
        "An accusing call about order {order}, and the receipt lies before me. This is no way to treat a customer.",
        "Your call {day} was an insult: the {device} is in your depot, anybody can look it up. I am furious.",
    ),
    "put_order_right": (
        "Order {order} is said to be put right, and nothing has moved since {day}. I am angry.",
        "Still no word on order {order}. This is no way to treat a customer. Terrible service.",
        "I have waited for {hours} days for order {order} to be corrected. Awful, and nobody answers.",
    ),
    "": (
        "This takes far too long, order {order}. I am disappointed and angry.",
        "Nobody tells me how order {order} stands. Terrible.",
    ),
}
"""Activity -> what who is hurt there says; "" for any other."""


def ask(key: str, draw: random.Random) -> str:
    return with_facts(draw.choice(ASKS[key]), draw)


def hurt(element: str, draw: random.Random) -> str:
    return with_facts(draw.choice(HURT.get(element) or HURT[""]), draw)
