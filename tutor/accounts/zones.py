"""Time zones as a person can choose them."""

import zoneinfo
from functools import cache


@cache
def zone_choices() -> list[tuple[str, object]]:
    """Django's grouped choices: UTC first, then by continent, cities with spaces instead of underscores."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        region, _, city = name.partition("/")
        if city and region not in {"Etc", "SystemV", "US", "posix", "right"}:
            groups.setdefault(region, []).append((name, city.replace("_", " ")))
    return [("UTC", "UTC"), *groups.items()]
