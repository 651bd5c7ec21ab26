"""Every address is one page's: two routes of one rule would let the first shadow the second without a word."""

from collections import Counter

from flask import Flask


def test_no_two_routes_share_an_address(web: Flask) -> None:
    shapes = Counter(
        ("".join(part if not is_dynamic else "<>" for is_dynamic, part in rule._trace), method)
        for rule in web.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert [each for each, times in shapes.items() if times > 1] == []
