"""The closed lists of the improvement register's columns; stored by value, held by constraints of the database."""

from enum import StrEnum


class Origin(StrEnum):
    """What an improvement was opened from."""

    BAR = "bar"
    """A figure of a page: a bar, a point, a row of a table."""
    THEME = "theme"
    ALARM = "alarm"
    ITEM = "item"
    TASK = "task"
    """A task's "what should change"."""
    CUSTOMER = "customer"
    """A customer proposed it."""
    ELEMENT = "element"
    """A step of the diagram."""
    INCIDENT = "incident"
    OWN_WAY = "own_way"
    """A step that people take again and again beside the official process."""
    PLAIN = "plain"
    """Somebody's idea."""


class Stage(StrEnum):
    """Where an improvement stands on the board: define, measure, analyse, improve, control (DMAIC)."""

    DEFINE = "define"
    MEASURE = "measure"
    ANALYSE = "analyse"
    IMPROVE = "improve"
    CONTROL = "control"
    DONE = "done"


class ValueSide(StrEnum):
    """To whom something is worth something."""

    CUSTOMER = "customer"
    COMPANY = "company"


class ValueKind(StrEnum):
    """What it is worth."""

    EFFORT = "effort"
    TIME = "time"
    MONEY = "money"


class Perspective(StrEnum):
    """Whose viewpoint it is."""

    CUSTOMERS = "customers"
    EMPLOYEES = "employees"
    PARTNERS = "partners"
    SUPPLIERS = "suppliers"


class NodeKind(StrEnum):
    """Of a part of a tree of what is critical to quality."""

    NEED = "need"
    DRIVER = "driver"
    CTQ = "ctq"


class TalkKind(StrEnum):
    """How a colleague talks to a customer."""

    CALL = "call"
    MEET = "meet"


class TalkStatus(StrEnum):
    """Of a talk that somebody asked for."""

    OPEN = "open"
    TALKED = "talked"
    NOT_REACHED = "not_reached"
    ENDED = "ended"
    """Its case was ended before anybody talked."""


class TellingStatus(StrEnum):
    """Of one person who is to be told what became of an improvement."""

    WAITING = "waiting"
    TOLD = "told"
    HELD_BACK = "held_back"


class ToldBy(StrEnum):
    """By what customers were told of a theme."""

    BOARD = "board"
    """An entry of the public board."""
    REPLY = "reply"
    INCIDENT = "incident"
    """An incident's update."""
    ELSEWHERE = "elsewhere"
    """Said outside the product: its address."""
