"""The taxonomy: what a customer can be doing, what it can be about, and what each label means in plain words."""

from bpm.feedback.classification_result import KINDS

__all__ = ["HEADS", "KINDS", "KIND_MEANINGS", "TOPICS", "TOPIC_MEANINGS", "URGENCY_MEANINGS"]

KIND_MEANINGS = {
    "complaint": "Something the organisation did, sells or left undone was bad for the speaker.",
    "question": "Asks for information that could be answered without changing anything.",
    "request": "Asks the organisation to do something concrete for this customer.",
    "praise": "Credits the organisation, a person or a product with something good.",
    "suggestion": "Proposes how the product, the service or a rule should be, beyond this one case.",
    "cancellation": "Asks to end, or says that the speaker is ending, a contract, account, subscription or custom.",
    "outage_report": "A function that other customers share does not work now.",
    "other": "No customer voice to act on: greeting, small talk, spam, jokes, text too broken to read.",
}

TOPIC_MEANINGS = {
    "billing": "Charges, fees, invoices, prices, interest, statements.",
    "payment": "Card use, transfers, cash, top-up, declined or pending payments.",
    "delivery": "Shipping, arrival, tracking, lost parcel or card in the post.",
    "returns": "Returns, refunds, exchanges, warranty.",
    "account": "Log in, password, identity check, profile, settings, opening an account.",
    "fault": "A device, app, site, network, vehicle or service that malfunctions.",
    "quality": "Quality, taste, features or design of the product itself.",
    "staff": "The people, the waiting, the way of being treated.",
    "contract": "Sign-up, plan, policy, cancellation, upgrade, quote, claim on an insurance.",
    "fraud": "Theft, scam, unknown transactions, stolen card or identity.",
    "credit": "Credit record, debt collection, loans, mortgages.",
    "booking": "Orders, seats, reservations, appointments, trips, tickets.",
    "information": "Opening hours, locations, how-to, general knowledge about the service.",
    "other": "None of these.",
}
"""The shipped topics; a company trains its own by labelling items with its own words."""

TOPICS = tuple(TOPIC_MEANINGS)

URGENCY_MEANINGS = (
    "Nothing to act on.",
    "Routine: days are fine.",
    "Soon: money or time is being lost today, a deadline within days, repeated contact, stranded or locked out.",
    "Now: danger to health or safety, fraud or theft in progress, legal action, an essential service gone for many.",
)

HEADS = ("kinds", "primary", "sentiment", "urgency", "topic")
"""What is learned about an item. `kinds` may hold together; the other four are one choice each."""
