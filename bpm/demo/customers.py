"""The demo's customers: each has one name, one mail address and one handle on all channels. Invented people."""

from dataclasses import dataclass

_FIRST = (
    "Amelia", "Mateusz", "Priya", "Kwame", "Yuki", "Fatima", "Lars", "Chiara", "Tomás", "Zainab", "Oliver", "Ngozi",
    "Minh", "Elif", "Aoife", "Rafael", "Ingrid", "Arjun", "Leila", "Samuel", "Katarzyna", "Daniel", "Mei", "Youssef",
    "Hannah", "Dimitri", "Camille", "Tariq", "Siobhan", "Jorge", "Anneke", "Kofi",
)  # fmt: skip
_LAST = (
    "Whitfield", "Kowalski", "Raman", "Mensah", "Tanaka", "Haddad", "Lindqvist", "Moretti", "Herrera", "Bello",
    "Carter", "Okafor", "Nguyen", "Demir", "Brennan", "Duarte", "Solberg", "Mehta", "Karimi", "Osei", "Nowak",
    "Fischer", "Chen", "El Amrani", "Goldberg", "Petrov", "Laurent", "Hussain", "Gallagher", "Castillo", "de Vries",
)  # fmt: skip
NUMBER = len(_FIRST) * len(_LAST)
"""How many there are; the two lists have no common divisor, so that no name comes twice."""


@dataclass(frozen=True)
class Customer:
    """A customer as every channel knows them; `number` is on the bills."""

    number: int
    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def handle(self) -> str:
        return "@" + f"{self.first}_{self.last}".lower().replace(" ", "")

    @property
    def key(self) -> str:
        return f"BW-{100_000 + self.number * 37}"


def customer(number: int) -> Customer:
    """The customer of that number, counted round."""
    number %= NUMBER
    return Customer(number, _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)])
