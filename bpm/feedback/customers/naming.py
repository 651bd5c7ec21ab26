"""Whether two written names may be one person's: for proposals and for lines that several people use, never alone.

And whether they plainly are two people's: a family, an office, a successor that write from one address.
"""

import re
import unicodedata

AGREE, ALIKE = 92.0, 86.0
"""Similarity, 0 to 100, from which names agree, and from which they are worth a person's look."""
_TITLES = frozenset("mr mrs ms miss dr prof herr frau sir madam mme mlle m sr sra jr senor senora".split())  # noqa: SIM905 (a list to be read)


def names_agree(one: str, other: str) -> bool:
    """Whether they are the same name but for order, marks, titles and a slip."""
    return likeness(one, other) >= AGREE


def likeness(one: str, other: str) -> float:
    """0 to 100 (rapidfuzz, ratio of sorted words); 0 when one of them has no letters, 60 at most for one word alone.

    An initial stands for a first name of that letter: `J. Miller` is `Jane Miller` by 90.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    score = _ratio(" ".join(sorted(first)), " ".join(sorted(second)))
    if min(len(first), len(second)) == 1:
        return score if first == second and len(first) == len(second) else min(score, 60.0)
    if first != second and _by_initial(first, second):
        return max(score, 90.0)
    return score


def are_two_people(one: str, other: str) -> bool:
    """Whether two full names plainly are two people's; False where nobody can tell.

    Another given name tells, unless it is short for the first, an initial or a slip; another surname alone does not
    (people marry), and neither do names of one word or of desks and houses.
    """
    first, second = _words(one), _words(other)
    if min(len(first), len(second)) < 2 or _NO_PEOPLE & {*first, *second} or names_agree(one, other):
        return False
    if "".join(first).isascii() != "".join(second).isascii():
        return False  # one name in two scripts, perhaps
    shared = set(first) & set(second)
    if shared and not (first[-1] == second[-1] and len(shared) == 1):
        return False
    return not any(_same_given(a, b) for a in first[:-1] for b in second[:-1])


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz  # most files bring no two names for one address

    return fuzz.ratio(one, other)


def _same_given(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or _ratio(one, other) >= 70:
        return True
    return any(one in names and other in names for names in _SHORT_FORMS)


_NO_PEOPLE = frozenset(
    """
    family familie famille familia team office buero bureau company firma shop store gmbh ag ltd inc llc co kg sarl
    support service help desk info sales accounts reception admin club school praxis kanzlei verein hotel restaurant
    customer client user the and und et via billing finance marketing orders payments accounting mail mailer bot system
    """.split()  # noqa: SIM905 (a list to be read)
)
_SHORT_FORMS = tuple(
    frozenset(names.split())
    for names in (
        "robert bob bobby rob robbie bert", "william bill billy will willy liam", "richard dick rick ricky richie",
        "elizabeth liz lizzy beth betty eliza lisa elisabeth lilly sissi", "margaret maggie meg peggy marge greta rita",
        "james jim jimmy jamie", "john jack johnny jon jonathan", "charles charlie chuck chas", "edward ted eddie ned",
        "henry harry hank heinrich heinz heiner", "katherine kate kathy katie kitty catherine karin kathrin",
        "anthony tony antonio toni", "andrew drew andy andreas", "alexander alex sasha sascha sandro lex",
        "alexandra sandra sasha alex", "michael mike mick mickey", "joseph joe joey josef sepp", "thomas tom tommy",
        "theodore ted theo", "patricia pat trish patty", "rebecca becky", "susan sue suzie susanne", "victoria vicky",
        "jennifer jenny jen", "deborah debbie", "barbara barb babs", "johannes hans hannes jo", "francis frank franz",
        "wilhelm willi willy", "friedrich fritz fred", "frederick fred freddie", "samuel sam", "samantha sam",
        "jose pepe", "francisco paco pancho", "ignacio nacho", "maria mia mitzi", "magdalena lena leni",
        "giuseppe peppe beppe", "ludwig lutz", "gerald jerry gerry", "lawrence larry laurence", "eugene gene",
        "christopher chris kit", "stephen steve steven stefan", "matthew matt matthias", "nicholas nick klaus niko",
        "dorothy dot dolly", "sarah sally", "mary molly polly", "helen nell ellen", "eleanor nora ellie lenore",
    )
)  # fmt: skip
"""Given names that stand for each other."""


def _words(name: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name[:200].casefold()) if not unicodedata.combining(c))
    if "," in plain:
        last, _comma, rest = plain.partition(",")
        plain = f"{rest} {last}"
    return [word for word in re.findall(r"[^\W\d_]+", plain) if word not in _TITLES]


def folded(name: str) -> str:
    """A name without order, case, marks and titles: equal for one person's notations."""
    return " ".join(sorted(_words(name)))


def _by_initial(first: list[str], second: list[str]) -> bool:
    if first[-1] != second[-1]:
        return False
    one, other = first[0], second[0]
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]
