"""A conversation with a customer, as it stands at an item of the inbox."""

from playwright.sync_api import Locator, Page


class Conversation:
    """What was said on both sides, each in an entry of its own."""

    def __init__(self, page: Page) -> None:
        self._whole = page.get_by_role("region", name="Conversation", exact=True)

    def entry(self, words: str) -> Locator:
        """The entry in which these words stand."""
        return self._whole.get_by_role("listitem").filter(has_text=words)

    def text(self) -> str:
        """All of it, as it is read."""
        return self._whole.inner_text()
