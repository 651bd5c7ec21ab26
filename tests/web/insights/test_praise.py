"""Praise has a page: mine and my groups' first, everybody's one click away."""

from collections.abc import Callable

from tests.web.conftest import Browser


def test_without_praise_the_page_says_how_it_comes(signed_in: Callable[..., Browser]) -> None:
    lena = signed_in("lena", "staff", groups=("service",))
    for address in ("/praise", "/praise?whom=all", "/praise?whom=maya"):
        page = lena.see(address)
        assert "It comes when an item of praise names somebody" in page
        assert "Nobody yet." in page
