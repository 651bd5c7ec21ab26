"""Countries and regions by their names, as people choose them for their public holidays."""

from functools import lru_cache

from bpm.calendars.public_holidays import countries, region_aliases


@lru_cache(maxsize=8)
def country_names(language: str = "en") -> tuple[tuple[str, str], ...]:
    """[(code of ISO 3166, name in that language)] of all whose public holidays are known, by name."""
    from babel import Locale

    names = Locale(language).territories
    return tuple(sorted(((code, names.get(code, code)) for code in countries()), key=lambda each: each[1]))


@lru_cache(maxsize=256)
def region_names(country: str) -> tuple[tuple[str, str], ...]:
    """[(code, name as the country writes it)] of its regions with holidays of their own, by name."""
    known = countries().get(country, [])
    if not known:
        return ()
    named = {code: name for name, code in region_aliases(country).items()}
    return tuple(sorted(((code, named.get(code, code)) for code in known), key=lambda each: each[1]))
