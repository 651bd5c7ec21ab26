"""The page of a batch: how far it is, and what became of each."""

from playwright.sync_api import Locator, Page


class Batch:
    """One batch of an operator."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def progress(self) -> Locator:
        """The figures of how far it is."""
        return self._page.get_by_role("region", name="Progress")

    def outcome(self, word: str) -> Locator:
        """The rows of what became of each that say this word."""
        return self._page.get_by_role("region", name="What became of each").get_by_text(word, exact=True)
