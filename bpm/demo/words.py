"""What customers of Brightwave, an internet and phone provider with a shop, say: sentences with their own facts."""

import random

_FACTS = {
    "device": ("router", "tablet", "phone", "headset", "television box", "wifi repeater", "smart watch", "charger"),
    "plan": ("Fibre 250", "Fibre 1000", "Mobile M", "Mobile L", "Family plan", "Home and Mobile", "Prepaid"),
    "place": ("Old Harbour", "Quay Street", "Millbrook", "Eastmoor", "Castle Hill", "Northgate", "Linden Park"),
    "day": ("on Monday", "on Tuesday", "last Thursday", "on Friday", "two days ago", "last week", "this morning"),
    "amount": tuple(f"{euros}.{cents}" for euros in (14, 19, 27, 34, 49, 65, 89, 120) for cents in ("00", "50", "90")),
    "order": tuple(str(number) for number in range(480_100, 489_900, 137)),
    "agent": ("Sam", "Olga", "Ivan", "Ada", "the young man in the shop", "the lady on the hotline", "your technician"),
    "hours": ("two", "three", "four", "five", "nine"),
}  # fmt: skip

_CORES = (
    # complaints
    "My bill for {plan} is {amount} higher than what was agreed and nobody can tell me why.",
    "You charged me {amount} for a {device} that I sent back {day}. Order {order}.",
    "The {device} from order {order} was to come {day} and did not. Tracking has not moved since.",
    "Internet in {place} drops every evening. I have rung {hours} times and each time I start from the beginning.",
    "Your technician did not come {day}. I took the day off for it and heard nothing. {place}.",
    "{plan} was sold to me as fast. In {place} I get a tenth of it. That is not what I pay {amount} for.",
    "I waited {hours} quarters of an hour on the hotline {day} and was cut off. Still no answer about order {order}.",
    "The {device} I bought in your shop {day} stopped working after {hours} days and the shop sent me away.",
    "A dunning letter over {amount} although I paid {day}. This is the second time. Please take it back.",
    "Since the change to {plan} my old number does not ring. People think that I do not pick up. {place}.",
    # questions
    "Can I move my {plan} to a new flat in {place}, and how long does that take?",
    "What does the orange light on the {device} mean? It came {day} with order {order}.",
    "Is {plan} available in {place} yet? The page says yes and no.",
    "When is order {order} delivered? I was not at home {day} and found no card.",
    "Which papers do you need to put the {plan} in my daughter's name?",
    "How much does roaming cost with {plan}? We leave for {hours} weeks.",
    "Why is there a part month of {amount} on my first bill for {plan}?",
    # requests
    "I would like to send back the {device} from order {order}. Please mail me the label for the return.",
    "Please return the money for order {order}: the {device} went back {day}, I have the receipt of the parcel shop.",
    "The {device} does not fit our flat. I want to return it within the fourteen days, order {order}.",
    "Please send me my bills for {plan} by mail, not on paper, from now on.",
    "Please change my address to {place} for {plan}, and the date of payment to the first.",
    "A new password for the app please, I asked for the link {day} and it did not come. {plan}.",
    "Could a technician come to {place} and look at the socket? Afternoons are best.",
    # praise
    "{agent} explained the bill for {plan} to me line by line {day}. Friendly and patient, thank you!",
    "Ordered the {device} and it was here after {hours} hours. Wonderful service, order {order}.",
    "{agent} stayed on the line until {plan} worked again in {place}. That is what I call help. Thank you.",
    "The new line in {place} was connected {day}: fast, quiet, no trouble. Great work by {agent}.",
    # suggestions
    "It would be good if the app showed when the technician comes to {place}, like parcels do.",
    "You should let people pause {plan} for {hours} weeks instead of cancelling.",
    "Could the shop take back a {device} without the carton? A code on the phone would do.",
    "It would help if order {order} and the like stood on the bill, so that I know what {amount} is for.",
    "A text message before works in {place} would be nice. My parents only heard of them from a neighbour.",
    # cancellations
    "Please cancel {plan} with effect from the end of the month and confirm it in writing. We move out of {place}.",
    "I cancel {plan}: another provider in {place} asks {amount}. Please send the label for the {device}.",
    "After the trouble with order {order} I want to end my contract for {plan}.",
    # outages, fewer than in the scene
    "Is there an outage in {place}? No internet here for {hours} hours, the {device} blinks.",
    "The signal in {place} went away {day}, my neighbours with {plan} have the same.",
)
_BEFORE = {
    "email": ("Dear Brightwave team,\n\n", "Hello,\n\n", "Dear Sir or Madam,\n\n", "Good morning,\n\n"),
    "chat": ("hi, ", "hello, ", "", "quick question: ", "hey, "),
    "call": ("yes hello um ", "hi, it is about this: ", "good morning, ", "hi there so "),
    "social": ("@brightwave ", "hey @brightwave ", "@brightwave hello? ", "Dear @brightwave, "),
    "review": ("", "", "To be fair: ", "Customer for years. "),
    "survey": ("", "", "As I said: ", "Short and clear: "),
}
_AFTER = {
    "email": (
        "\n\nKind regards",
        "\n\nI look forward to your answer.",
        "\n\nMany thanks in advance",
        "\n\nBest wishes",
    ),
    "chat": ("", "", " thanks", " please be quick"),
    "call": (" thank you", " can you look that up", " I have the papers here", ""),
    "social": ("", "", " #brightwave", " Anyone there?"),
    "review": ("", " That is all.", " My neighbour says the same.", ""),
    "survey": ("", "", " You may ring me about it.", ""),
}
_CHANNELS = {"email": 26, "chat": 24, "call": 22, "social": 14, "review": 7, "survey": 7}


def with_facts(core: str, draw: random.Random) -> str:
    """A sentence with facts of its own."""
    return core.format(**{name: draw.choice(facts) for name, facts in _FACTS.items()})


def something(draw: random.Random) -> tuple[str, str]:
    """A channel, and what somebody says there."""
    channel = draw.choices(list(_CHANNELS), weights=list(_CHANNELS.values()))[0]
    core = with_facts(draw.choice(_CORES), draw)
    if channel in ("call", "chat") and draw.random() < 0.6:
        core = core.lower().replace(" i ", " I ")
    elif not _BEFORE[channel] or core[0].islower():
        core = core[0].upper() + core[1:]
    text = draw.choice(_BEFORE[channel]) + core + draw.choice(_AFTER[channel])
    return channel, text[0].upper() + text[1:] if channel in ("review", "survey", "email") else text
