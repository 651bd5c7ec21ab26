"""A form of many fields, filled in as a person reads it: by the words before each field."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page

ROLES: tuple[Literal["radio"], Literal["checkbox"]] = ("radio", "checkbox")


class Form:
    """The fields on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def field(self, label: str) -> Locator:
        """The field that these words stand before; that it is optional may follow them."""
        return self._page.get_by_label(re.compile(rf"^{re.escape(label)}( optional)?$")).first

    def fill(self, **fields: str) -> None:
        """Fill in texts, numbers and days by the words before them."""
        for label, text in fields.items():
            self.field(label).fill(text)

    def choose(self, **fields: str) -> None:
        """Choose from lists, by the words before them and those of the choice, or its value."""
        for label, choice in fields.items():
            self.field(label).select_option(choice)

    def tick(self, label: str) -> None:
        """Tick a box, or choose one of several."""
        radio, box = (self._page.get_by_role(role, name=label) for role in ROLES)
        radio.or_(box).first.check()
