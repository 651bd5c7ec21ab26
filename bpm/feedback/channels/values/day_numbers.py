"""Three numbers that are a day, in the orders in which they can be one."""

import calendar

_BUDDHIST = range(2533, 2600)
"""Years of the Thai calendar, which is the common one 543 years ahead: 1990 to 2056."""


def common_year(year: int) -> int:
    """The year of the common calendar; what can only be a Thai one is read as such."""
    return year - 543 if year in _BUDDHIST else year


def full_year(written: str) -> int:
    """Two digits are 1970 to 2069."""
    digits = written.lstrip("'")
    if len(digits) == 4:
        return common_year(int(digits))
    return int(digits) + (1900 if int(digits) >= 70 else 2000)


def possible_orders(parts: tuple[str, str, str], mark: str) -> tuple[str, ...]:
    """The orders in which three numbers can be a day; with dots the day comes first."""
    orders: tuple[str, ...] = ("dmy", "mdy") if len(parts[2]) == 4 else ("dmy", "mdy", "ymd")
    if mark == ".":
        orders = ("dmy",)
    return tuple(order for order in orders if _is_day(*in_order(parts, order)))


def order_of(parts: tuple[str, str, str], mark: str) -> str:
    """The one order in which they can be a day, or none; orders that say the same day are one.

    A year of two digits in front is meant only where nothing else is possible.
    """
    orders = possible_orders(parts, mark)
    usual = [order for order in orders if order != "ymd"] or orders
    return usual[0] if len({in_order(parts, order) for order in usual}) == 1 else ""


def in_order(parts: tuple[str, str, str], order: str) -> tuple[int, int, int]:
    """(year, month, day)."""
    first, second, third = parts
    if order == "ymd":
        return full_year(first.rjust(2, "0")), int(second), int(third.lstrip("'"))
    day, month = (first, second) if order == "dmy" else (second, first)
    return full_year(third), int(month), int(day)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
