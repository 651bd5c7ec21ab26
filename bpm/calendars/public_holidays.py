"""Public holidays of countries and their regions; the only importer of the library `holidays`."""

from datetime import date, timedelta
from functools import lru_cache
from types import ModuleType

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


def _library() -> ModuleType:
    """Loaded at its first use: without a calendar of a country nobody pays its 4 MB."""
    import holidays

    return holidays


@lru_cache(maxsize=512)
def holidays_of(country: str, region: str, year: int) -> dict[date, str]:
    """{day: its name} of one year; empty without a country. Codes are those of ISO 3166 (`DE`, region `BY`)."""
    if not country:
        return {}
    return {
        day: str(name) for day, name in _library().country_holidays(country, subdiv=region or None, years=year).items()
    }


def next_holidays(country: str, region: str, *, since: date, most: int = 8) -> tuple[tuple[date, str], ...]:
    """[(day, its name)] of the next ones from `since` on, within two years."""
    days = {**holidays_of(country, region, since.year), **holidays_of(country, region, since.year + 1)}
    until = since + timedelta(days=730)
    return tuple(sorted((day, name) for day, name in days.items() if since <= day < until))[:most]


def demand_known(country: str, region: str) -> None:
    """Raise InvalidInputError for a country or region that the library does not know."""
    if not country and not region:
        return
    known = countries()
    if country not in known:
        raise InvalidInputError(
            _("No public holidays are known for the country %(code)s.") % {"code": country or "–"},
            remedy=_("Use its code of two letters, such as DE, or leave it empty and list your own days."),
        )
    if region and region not in known[country]:
        raise InvalidInputError(
            _("%(country)s has no region %(code)s.") % {"country": country, "code": region},
            remedy=_("Use one of: %(codes)s.") % {"codes": ", ".join(known[country]) or "–"},
        )


@lru_cache(maxsize=1)
def countries() -> dict[str, list[str]]:
    """{country: its regions} that the library knows."""
    return {code: list(regions) for code, regions in _library().list_supported_countries().items()}


def region_aliases(country: str) -> dict[str, str]:
    """{name of a region: its code}, as far as the library names them; of several names of one code each is there."""
    return dict(getattr(_library().country_holidays(country), "subdivisions_aliases", None) or {})
