"""What people answer in the demo: words for the kind and topic of an item, with its own words and the person's name."""

import random
import re

from bpm.feedback.queries.item_rows import ItemRow

_OPENINGS = {
    "complaint": (
        "I am sorry about this.",
        "That should not have happened.",
        "Thank you for telling us, and I am sorry.",
    ),
    "praise": ("Thank you, this made our morning.", "How kind of you to write this."),
    "suggestion": ("That is a good thought, thank you.", "Thank you for the idea."),
    "cancellation": ("I am sorry to see you go.", "Thank you for the time you were with us."),
}
_OTHERWISE = ("Thank you for your message.", "Good that you ask.", "Thank you for getting in touch.")

_MIDDLES = {
    "billing": (
        "I have the bill before me and went through it line by line; what is not yours comes off with the next one.",
        "The amount is being checked by a colleague in billing, and nothing is taken while that goes on.",
    ),
    "payment": ("The payment arrived on our side; it shows on your account by tomorrow.",),
    "delivery": (
        "I asked the depot: the parcel was scanned there this morning and comes with the next round.",
        "The carrier has until tomorrow noon to find it; if they do not, a new one leaves our shop the same day.",
    ),
    "returns": (
        "The label is on its way to your mailbox. Once the parcel is scanned, you have nothing more to do.",
        "Your parcel is with us and waits for inspection; you will have the money within three working days.",
    ),
    "account": ("I have sent you a new link to sign in; the old one works no more, so nobody else can use it.",),
    "fault": (
        "I measured your line while reading this, and the fault is on our side. A technician has the ticket.",
        "Please leave the router switched on tonight: we load new software on it. I will look at the line tomorrow.",
    ),
    "contract": (
        "I have noted it on your contract, and a confirmation in writing follows today.",
        "I compared the plans for you: the one that fits best costs less than yours, and you may change at any time.",
    ),
    "staff": ("I have handed your words on to the colleague and to who leads the team.",),
    "quality": ("I have passed it to the people who choose our devices, with your own words.",),
}
_MIDDLES_OF_KIND = {
    "praise": ("I read it out to the team this morning.", "It goes to whoever earned it, in your own words."),
    "suggestion": (
        "Marketing, IT and operations look at it together; I will tell you what they decide, and why.",
        "I have written it down as an improvement, with your name on it if you like.",
    ),
}
_FACTS = (
    (re.compile(r"\border (48\d{4})", re.IGNORECASE), "I have order {} open beside your words."),
    (re.compile(r"\b(Fibre \d+|Mobile [ML]|Family plan|Home and Mobile|Prepaid)\b"), "I looked at your {} first."),
    (re.compile(r"\b(Old Harbour|Quay Street|Millbrook|Eastmoor|Castle Hill|Northgate|Linden Park)\b"),
     "I asked a colleague who knows {}."),
    (re.compile(r"\b(router|tablet|headset|television box|wifi repeater|smart watch|charger)\b"),
     "I have the papers of the {} before me."),
)  # fmt: skip
"""What is taken up of an item, and how."""
_ELSE = ("I have looked into it, and a colleague who knows more about it is with it now.",)
_ENDS = (
    "I keep an eye on it and write again when it moves.",
    "Call me by name if you ring; my colleagues know of it.",
    "Should it take longer, you hear it from me before you have to ask.",
    "I am here until six today, and tomorrow again.",
    "If it is not as it should be by then, simply answer here.",
    "You will hear from me, not from a machine.",
    "Write to me here whenever something is missing.",
)


def answer(item: ItemRow, *, author: str, draw: random.Random) -> str:
    """A reply to `item` in the name of `author`; greets who wrote it, and takes up their own words."""
    named = item.author_name or item.customer_name
    greeting = f"Hello {named.split()[0]}," if named else "Hello,"
    opening = draw.choice(_OPENINGS.get(item.primary or "", _OTHERWISE))
    body = draw.choice(_MIDDLES_OF_KIND.get(item.primary or "") or _MIDDLES.get(item.topic or "", _ELSE))
    taken_up = [words.format(found.group(1)) for fact, words in _FACTS if (found := fact.search(item.text))]
    body = f"{draw.choice(taken_up)} {body}" if taken_up else body
    return (
        f"{greeting}\n\n{opening} You wrote: “{_said(item.text)}” {body}\n{draw.choice(_ENDS)}\n\n{author}, Brightwave"
    )


def _said(text: str) -> str:
    """The first sentence, in at most 90 characters that end with a word."""
    first = re.split(r"(?<=[.!?])\s", " ".join(text.split()))[0]
    return first if len(first) <= 90 else first[:90].rsplit(" ", 1)[0] + " …"
