"""Where a port lies: country, state and coordinates, as ``port.toml`` states them."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Place", "place_problems"]


@dataclass(frozen=True)
class Place:
    """Where a port lies, each part blank or None where ``port.toml`` does not say it.

    Attributes
    ----------
    country : str
        ISO 3166-1 code of two letters, ``US``.
    state : str
        Second part of the ISO 3166-2 code, ``CA`` of ``US-CA``.
    position : tuple of float or None
        Longitude and latitude, WGS 84. [degree]
    districts : tuple of str
        Districts and port areas with rules of their own that the port lies in, as ``South Coast``.
    """

    country: str = ""
    state: str = ""
    position: tuple[float, float] | None = None
    districts: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        country: str,
        state: str,
        position: tuple[float, float] | None,
        districts: tuple[str, ...] = (),
    ) -> Place:
        """Take a place as written: codes in any case, a state with or without its country.

        Examples
        --------
        >>> Place.of("us", "US-CA", None)
        Place(country='US', state='CA', position=None, districts=())
        """
        country = country.strip().upper()
        state = state.strip().upper()
        return cls(country, state.removeprefix(f"{country}-") if country else state, position, districts)

    def __str__(self) -> str:
        """``US-CA``, ``EE``, or nothing."""
        return f"{self.country}-{self.state}" if self.state else self.country


@cache
def _names() -> dict[tuple[str, str], str]:
    """Names of countries and of the states that are told apart, by their codes."""
    text = (files("inventories.port") / "iso_3166.csv").read_text(encoding="utf-8")
    return {(row["country"], row["state"]): row["name"] for row in csv.DictReader(text.splitlines())}


def place_problems(place: Place) -> list[str]:
    """Say what is wrong with the codes and coordinates of a place, one sentence each.

    Examples
    --------
    >>> place_problems(Place("USA", "CA"))
    ['key "country" is "USA", which is no ISO 3166-1 code of two letters. Did you mean "US" (United States)?']
    """
    problems = []
    countries = {code: name for (code, state), name in _names().items() if not state}
    states = {state: name for (code, state), name in _names().items() if code == place.country and state}
    if place.country and place.country not in countries:
        problems.append(
            f'key "country" is "{place.country}", which is no ISO 3166-1 code of two letters.'
            f"{_nearest(place.country, countries)}"
        )
    elif place.state and not place.country:
        problems.append('key "state" says nothing without "country"; set country, for example "US".')
    elif states and place.state and place.state not in states:
        problems.append(
            f'key "state" is "{place.state}", which {countries[place.country]} does not have. It takes the '
            f"second part of an ISO 3166-2 code.{_nearest(place.state, states)}"
        )
    if place.position is not None:
        longitude, latitude = place.position
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            swapped = " Are they swapped?" if -180 <= latitude <= 180 and -90 <= longitude <= 90 else ""
            problems.append(
                f'key "position" is [{longitude:g}, {latitude:g}]; it takes longitude (-180 to 180), then '
                f"latitude (-90 to 90).{swapped}"
            )
    return problems


def _nearest(text: str, known: dict[str, str]) -> str:
    """Name the code that is meant: of that name, or the first of its letters, or the nearest."""
    by_name = {name.upper(): code for code, name in known.items()}
    common = {"USA": "US", "UK": "GB", "ENGLAND": "GB", "SCOTLAND": "GB", "HOLLAND": "NL"}
    code = by_name.get(text) or (common.get(text) if common.get(text) in known else None)
    if code is None:
        near = difflib.get_close_matches(text, [*by_name, *known], n=1, cutoff=0.6)
        code = by_name.get(near[0], near[0]) if near else None
    return f' Did you mean "{code}" ({known[code]})?' if code else f" Known are {', '.join(known)}."
