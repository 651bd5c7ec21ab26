"""The scenes of the demo story: an outage, the $500 call, a channel hop, praise. Invented people and words."""

from dataclasses import dataclass
from datetime import timedelta

from bpm.feedback.raw_item import RawItem


@dataclass(frozen=True)
class Line:
    """One thing said in a scene; `before` is how long before the present, handles start with @."""

    before: timedelta
    channel: str
    who: str
    text: str


OUTAGE_BEGAN = timedelta(days=3, hours=4)

_OUTAGE_POSTS = (
    "Is @brightwave down in the harbour district? No internet since ten past seven.",
    "@brightwave broadband dead again. Router light is red, whole street has nothing.",
    "no signal no internet nothing. @brightwave what is going on??",
    "Anyone else on Brightwave without a connection this morning? Can't log in to work.",
    "@brightwave service is down in Old Harbour. Third floor neighbours have no connection either.",
    "Brightwave is out. App says everything is fine. Everything is not fine.",
    "My internet went down at 7:15 and the Brightwave status page is green. Sure.",
    "@brightwave outage near the harbour? modem cannot find the line",
    "Working from home cancelled, Brightwave is down for the whole block",
    "hey @brightwave our shop cannot take card payments because your line is down",
    "The @brightwave app crashes when I try to report that the network is down. Perfect.",
    "phone line and internet both dead since this morning, brightwave customer, harbour side",
    "@brightwave any news on the outage? an hour without a word from you",
    "Does the Brightwave network not work for anyone right now or only for us at the quay?",
    "Still down. @brightwave please say something.",
    "the whole office is offline, brightwave connection lost at about 7:20",
    "@brightwave TV and internet both not working at Quay Street",
    "Down here too, Brightwave fibre, error: no uplink",
    "No connection at the dentist's because Brightwave is out. Patients waiting.",
    "@brightwave I can't reach your hotline, the internet is down and the app fails to load",
    "Lost connection mid call, Brightwave out at the harbour. When will it be back?",
    "brightwave outage: setting the DNS by hand to another server got me online again, try it",
    "is it just me or is brightwave completely down",
    "Nobody at Brightwave noticed that a whole district is offline?",
)

SCENES: tuple[Line, ...] = (
    *(
        Line(OUTAGE_BEGAN - timedelta(minutes=2 * number), "social", f"@harbour_{number:02d}", text)
        for number, text in enumerate(_OUTAGE_POSTS)
    ),
    Line(
        OUTAGE_BEGAN - timedelta(minutes=21),
        "call",
        "@harbour_call_1",
        "hello my internet and my phone are not working since seven this morning the neighbours have the same problem "
        "is there an outage",
    ),
    *(
        Line(OUTAGE_BEGAN - timedelta(minutes=40 + number), "email", f"@harbour_{number:02d}", text)
        for number, text in (
            (3, "A wrong fee of 34.50 is on my bill for the second time. I complained before. This is unacceptable."),
            (7, "A dunning letter over 49.90 although I paid on Friday. This is the second time. Please take it back."),
        )
    ),
    Line(
        timedelta(days=9, hours=3),
        "email",
        "@carla.phone",
        "You phoned me today to say that my returned phone never arrived and that I would be charged $500. Your own "
        "tracking page says it was received by you on Monday. Why was this call ever made? Please take the charge off "
        "my account.",
    ),
    Line(
        timedelta(days=6, hours=5),
        "call",
        "@bruno.hop",
        "yes hi i sent my tablet back two weeks ago and i still have no refund can you look into the return please",
    ),
    Line(
        timedelta(days=4, hours=2),
        "email",
        "@bruno.hop",
        "I called on this matter two days ago. The refund for the tablet I returned has still not been paid. Please "
        "tell me when I will get my money back.",
    ),
    Line(
        timedelta(days=1, hours=6),
        "social",
        "@bruno.hop",
        "Two weeks, one call and one mail later and @brightwave still sits on my refund for a returned tablet. "
        "Ridiculous. I am done.",
    ),
    Line(
        timedelta(days=5, hours=1),
        "review",
        "@happy.hana",
        "Sam from the service team rang me back within the hour, explained the bill line by line and took off the "
        "wrong fee. Wonderful, friendly help. Thank you, Sam!",
    ),
    Line(
        timedelta(days=2, hours=7),
        "social",
        "@grateful_gus",
        "Credit where it is due: the technician Brightwave sent today was early, tidy and fixed it in ten minutes. "
        "Best service I have had in years.",
    ),
    Line(
        timedelta(days=7, hours=2),
        "survey",
        "@sana.survey",
        "It would be great if the return label could be shown as a code on the phone, so that nobody needs a printer.",
    ),
)


def raw_of(line: Line, source: str) -> RawItem:
    """The line as a channel would have handed it in, all but its instant; of one source, where each has one name."""
    handle = line.who.removeprefix("@")
    return RawItem(
        channel=line.channel,
        source=source,
        text=line.text,
        author_handle=line.who if line.channel == "social" else "",
        author_name=handle.replace(".", " ").replace("_", " ").title(),
        author_id=handle,
    )
