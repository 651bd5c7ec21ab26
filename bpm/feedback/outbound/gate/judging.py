"""`judge`: what the gate says of a message, from facts alone. Pure; each rule in a function of its own.

Every way out asks it: the screen, the API, jobs of processes, the command line and sweeps. What it refuses does not
leave; what it warns of leaves when its author has seen it; what it hints at is never in the way.
"""

import re
from collections.abc import Callable, Iterator

from bpm.feedback.outbound.gate.canned import canned_score, is_long_enough
from bpm.feedback.outbound.gate.facts import Facts
from bpm.feedback.outbound.gate.holding import at_another_hour, held
from bpm.feedback.outbound.gate.plain_words import plain_hints
from bpm.feedback.outbound.gate.private_asks import NAMES, asked_for
from bpm.feedback.outbound.gate.verdict import NEEDS_MENTOR, Remark, Verdict
from bpm.feedback.outbound.kinds import message_kinds
from bpm.feedback.privacy.mask import Span, mask
from bpm.feedback.status import Channel
from bpm.foundation.texts import _
from bpm.mail import is_address, turns_a_line

CANNED = 0.9
"""From this likeness on the author is asked whether it is meant for this person."""
WARNINGS = frozenset(
    {
        "answered_meanwhile",
        "asks_delicate",
        "call_guard",
        "canned",
        "incident",
        "preferred_channel",
        "private_data",
    }
)
"""Codes of all warnings: whoever confirms them all has seen what the gate says."""
DELICATE = frozenset({"card", "iban", "ssn", "account"})
MASKED_IN_PUBLIC = frozenset({"card", "iban", "ssn", "account", "phone", "email", "address"})
"""A name stays: whoever is answered in public is greeted by it."""
_PLACEHOLDER = re.compile(r"\{\{[^{}\n]{0,60}\}\}")


def judge(facts: Facts) -> Verdict:
    """What keeps it back, what its author has to have seen, what is worth a thought, what is changed, until when."""
    text, changes, found = _masked(facts)
    canned = _canned(facts)
    refusals = [remark for rule in _REFUSALS for remark in rule(facts)]
    refusals += _too_long(facts, text)
    warnings = [remark for rule in _WARNINGS for remark in rule(facts)]
    warnings += [*_private_in_private(facts, found), *_too_canned(facts, canned)]
    until, because = held(facts)
    return Verdict(
        text=text,
        refusals=tuple(refusals),
        warnings=tuple(warnings),
        hints=(*_other_channel(facts), *at_another_hour(facts), *_incident_nearby(facts), *plain_hints(facts.text)),
        changes=(*changes, *_turned(facts)),
        hold_until=until,
        hold_because=because,
        canned=canned,
    )


def barred(facts: Facts) -> tuple[Remark, ...]:
    """What keeps everything from this person, whatever it says: asked again at the moment in which a message leaves."""
    return (*_nobody_there(facts), *_consent(facts))


def _no_author(facts: Facts) -> Iterator[Remark]:
    kind = message_kinds().get(facts.kind)
    if kind is None:
        yield Remark("unknown_kind", _("%(kind)s is no kind of message.") % {"kind": repr(facts.kind)})
    elif not kind.automatic and (facts.author_id is None or not facts.approved):
        yield Remark(
            "no_author", _("Only a named person can answer a customer."), _("Draft it and let a person send it.")
        )
    elif not kind.automatic and not facts.may_answer:
        yield Remark("no_right", _("You may not answer customers."), _("Ask an administrator for the advocate role."))


def _learning(facts: Facts) -> Iterator[Remark]:
    if facts.mentor and facts.kind == "conversation":
        said = _("%(mentor)s reads what you write before it leaves.") % {"mentor": facts.mentor}
        yield Remark(NEEDS_MENTOR, said, _("Ask them: it goes in your name once they approve it."))


def _nobody_there(facts: Facts) -> Iterator[Remark]:
    if facts.is_erased:
        yield Remark("erased", _("This person was erased at their wish: nobody writes to them."))
    if facts.is_blocked:
        yield Remark("blocked", _("This sender is blocked."), _("Lift the block first, if it was wrong."))
    elif facts.is_held:
        yield Remark("held", _("What they said is held apart as unwanted."), _("Let it in first, if it is not."))
    if facts.has_ended:
        yield Remark("ended", _("This address is not the customer's any more."), _("Choose where to answer."))
    if facts.leaves and facts.channel == Channel.EMAIL and facts.to and not is_address(facts.to):
        said = _("No mail server takes %(address)s as it is written.") % {"address": facts.to}
        yield Remark("no_address", said, _("Choose another address, or say it by hand."))
    if facts.leaves and not facts.to.strip() and not facts.was_said_there:
        yield Remark("no_address", _("Nobody is named to send it to."), _("Choose an address."))


def _consent(facts: Facts) -> Iterator[Remark]:
    if facts.has_withdrawn:
        remedy = _("Answer where they wrote, or ask them there whether this address may be used.")
        yield Remark("withdrawn", _("They took back that this address is used."), remedy)
    elif facts.kind == "survey" and not facts.has_agreed and not facts.was_said_there:
        yield Remark("no_consent", _("They did not agree to be asked there."), _("Ask where they wrote."))


def _asked_in_public(facts: Facts) -> Iterator[Remark]:
    asked = asked_for(facts.text) if facts.is_public else ()
    if asked:
        what = ", ".join(NAMES[kind] for kind in asked)
        how = _("Write %(link)s where it belongs.") % {"link": facts.private_link} if facts.private_link else ""
        offer = _("Offer a private link instead: “Please tell me there, nobody else can read it.”")
        yield Remark(
            "asks_private",
            _("This asks for %(what)s where everybody can read the answer.") % {"what": what},
            f"{offer} {how}".strip(),
        )


def _template(facts: Facts) -> Iterator[Remark]:
    template = facts.template
    if template is None:
        if facts.is_template_given:
            yield Remark("template_gone", _("This template is not there any more."), _("Choose another one."))
        return
    name = {"name": template.name}
    if template.is_retired:
        yield Remark("template_retired", _("The template %(name)s is used no more.") % name, _("Choose another one."))
    elif not template.is_approved:
        remedy = _("Its owner asks somebody to approve it; until then write your own words.")
        yield Remark("template_unapproved", _("Nobody approved the template %(name)s as it is now.") % name, remedy)
    elif template.review_by < facts.now.date():
        told = name | {"day": template.review_by.isoformat()}
        remedy = _("Its owner looks at it and sets a new day; until then write your own words.")
        yield Remark("template_expired", _("The template %(name)s was to be looked at by %(day)s.") % told, remedy)


def _placeholders(facts: Facts) -> Iterator[Remark]:
    found = _PLACEHOLDER.search(facts.text) or _PLACEHOLDER.search(facts.subject)
    if found is not None:
        said = _("%(words)s is still to be filled in.") % {"words": found[0]}
        yield Remark("placeholder", said, _("Write what belongs there, or take it out."))


def _guarded(facts: Facts) -> Iterator[Remark]:
    if facts.incident is not None and facts.kind == "survey":
        yield Remark("incident", _("No survey goes out while %(title)s is open.") % {"title": facts.incident.title})


def _too_long(facts: Facts, text: str) -> Iterator[Remark]:
    length = facts.measure(text)
    if facts.longest and length > facts.longest:
        told = {"length": length, "most": facts.longest}
        yield Remark(
            "too_long",
            _("It has %(length)s characters; %(most)s are allowed there.") % told,
            _("Shorten it, or answer at another address."),
        )


def _files(facts: Facts) -> Iterator[Remark]:
    if facts.files and not facts.takes_files:
        yield Remark(
            "no_files",
            _("No file goes along to %(place)s.") % {"place": facts.place},
            _("Take the files out and say where they can be had, or answer by mail."),
        )


def _incident(facts: Facts) -> Iterator[Remark]:
    if facts.incident is not None and facts.incident.is_linked and facts.kind == "conversation":
        title = {"title": facts.incident.title}
        said = _("“%(title)s” is open, and this person is linked to it: its updates reach them.") % title
        yield Remark("incident", said, _("Write only what the updates do not say."))


def _incident_nearby(facts: Facts) -> Iterator[Remark]:
    if facts.incident is not None and not facts.incident.is_linked and facts.kind == "conversation":
        said = _("“%(title)s” is open.") % {"title": facts.incident.title}
        yield Remark("incident_nearby", said, _("If this is about it, link the item: one update reaches everybody."))


def _preferred(facts: Facts) -> Iterator[Remark]:
    if facts.preferred_channel and facts.preferred_channel != facts.channel:
        told = {"wanted": facts.preferred_channel, "this": facts.channel}
        said = _("They want to be spoken to by %(wanted)s; this goes by %(this)s.") % told
        yield Remark("preferred_channel", said, _("Choose their channel, if there is an address."))


def _answered_meanwhile(facts: Facts) -> Iterator[Remark]:
    if facts.other is not None:
        told = {"who": facts.other.who, "at": f"{facts.other.at:%H:%M} UTC"}
        said = _("%(who)s answered this at %(at)s.") if facts.other.has_left else _("%(who)s's answer of %(at)s waits.")
        yield Remark("answered_meanwhile", said % told, _("Read it first: two answers confuse."))


def _call(facts: Facts) -> Iterator[Remark]:
    if facts.call_guard:
        yield Remark("call_guard", facts.call_guard, _("Look whether the call is still needed."))


def _private_in_private(facts: Facts, found: tuple[Span, ...]) -> Iterator[Remark]:
    kinds = sorted({span.type for span in found} & DELICATE)
    if kinds and not facts.is_public:
        said = _("It holds what should not lie in a mailbox: %(kinds)s.") % {"kinds": ", ".join(kinds)}
        yield Remark("private_data", said, _("Leave it out, or name its last digits alone."))
    asked = set(asked_for(facts.text)) & {"card", "ssn", "password"} if not facts.is_public else set()
    if asked:
        said = _("It asks for %(what)s.") % {"what": ", ".join(NAMES[kind] for kind in sorted(asked))}
        yield Remark("asks_delicate", said, _("Nobody needs to send that in a message: offer a private link."))


def _too_canned(facts: Facts, canned: float) -> Iterator[Remark]:
    if canned >= CANNED and facts.kind == "conversation":
        said = _("It reads %(score)s %% like something said before.") % {"score": round(canned * 100)}
        yield Remark("canned", said, _("Take up their own words, or leave out what they do not need."))


def _other_channel(facts: Facts) -> Iterator[Remark]:
    if facts.leaves and not facts.was_said_there and facts.kind == "conversation":
        said = _("They did not write there: say what it is about.")
        yield Remark("other_channel", said)


_Rule = Callable[[Facts], Iterator[Remark]]
_REFUSALS: tuple[_Rule, ...] = (
    _no_author, _learning, _nobody_there, _consent, _asked_in_public, _template, _placeholders, _files, _guarded,
)  # fmt: skip
_WARNINGS: tuple[_Rule, ...] = (_incident, _preferred, _answered_meanwhile, _call)


def _canned(facts: Facts) -> float:
    if facts.kind != "conversation":
        return 0.0
    texts = [text for _name, text in facts.templates] + ([facts.template.text] if facts.template else [])
    others = texts + (list(facts.recent) if is_long_enough(facts.text) else [])
    return canned_score(facts.text, others)


def _masked(facts: Facts) -> tuple[str, list[Remark], tuple[Span, ...]]:
    """The text as it would go, what was changed in it, and what private data was found."""
    spans = tuple(span for span in mask(facts.text).spans if not _is_ours(facts, span))
    hidden = [span for span in spans if facts.is_public and span.type in MASKED_IN_PUBLIC]
    if not hidden:
        return facts.text, [], spans
    pieces, done = list[str](), 0
    for span in hidden:
        pieces += [facts.text[done : span.start], f"[{span.type}]"]
        done = span.end
    kinds = ", ".join(sorted({span.type for span in hidden}))
    said = _("Everybody can read it there, so this is left out: %(kinds)s.") % {"kinds": kinds}
    return "".join([*pieces, facts.text[done:]]), [Remark("masked", said)], spans


def _turned(facts: Facts) -> Iterator[Remark]:
    """Headers are read by people who look for tricks in them: marks that turn a line do not go along."""
    if any(map(turns_a_line, (facts.subject, facts.author_name))):
        yield Remark("turned", _("Marks that turn the line around are left out of the subject and of your name."))


def _is_ours(facts: Facts, span: Span) -> bool:
    said = facts.text[span.start : span.end].casefold()
    if span.type == "name":
        return said in facts.author_name.casefold()
    digits = re.sub(r"\D", "", said)
    return any(
        said == own.casefold() or (len(digits) > 5 and digits == re.sub(r"\D", "", own)) for own in facts.own_values
    )
