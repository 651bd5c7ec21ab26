"""The page where people sign in."""

from playwright.sync_api import Page


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill in the form that stands on this page, and send it."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
