"""What people call quantities, engine types and tiers in a table of their own."""

from __future__ import annotations

import re

import pandas as pd

REQUIRED = ("quantity", "value", "unit")
SOURCE = ("source_document", "table", "source_address", "confidence")

# Spellings of a heading, by what the tables call it.
HEADINGS = {
    "pollutant": "quantity", "species": "quantity", "parameter": "quantity",
    "emission_factor": "value", "ef": "value", "factor": "value", "rate": "value",
    "units": "unit", "source": "source_document", "document": "source_document", "address": "source_address",
    "url": "source_address",
}  # fmt: skip

_FUEL_RATE = ("SFC", "SFOC", "SFR", "fuel rate", "fuel consumption", "specific fuel consumption", "fuel use")
# What a quantity may be called, letters and digits only, by its name here.
_ALIASES = {
    "nitrogenoxides": "NOx", "carbondioxide": "CO2",
    "sulfurdioxide": "SO2", "sulphurdioxide": "SO2", "carbonmonoxide": "CO", "methane": "CH4",
    "nitrousoxide": "N2O", "ammonia": "NH3", "blackcarbon": "BC", "hydrocarbons": "HC",
    **{re.sub(r"\W", "", name).lower(): "BSFC" for name in _FUEL_RATE},
}  # fmt: skip

# The linter reads engines of ships by rated speed; electric drive (MSD-ED) is a type of its own.
SPEEDS = ("SSD", "MSD", "HSD")
_SPEED_WORDS = {
    "SSD": r"\bssd\b(?!-)|\b(?:slow|low)[\s_-]?speed(?:[\s_-]?diesel)?",
    "MSD": r"\bmsd\b(?!-)|\bmedium[\s_-]?speed(?:[\s_-]?diesel)?",
    # A high-speed ferry is a craft and not an engine.
    "HSD": r"\bhsd\b(?!-)|\bhigh[\s_-]?speed(?![\s_-]*(?:ferr|craft|vessel|boat|cat))(?:[\s_-]?diesel)?",
}
_TIER = r"^(?:imo[\s_-]*)?(?:tier[\s_-]*|t)?(?P<tier>\d|iv|i{1,3})$"
_TIER_OF_TECHNOLOGY = r"^t(?P<tier>\d)$"
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def heading(text: str) -> str:
    """Return a heading in small letters with underscores, by the name the tables have for it.

    Examples
    --------
    >>> heading("Emission Factor"), heading("Engine-Type")
    ('value', 'engine_type')
    """
    plain = re.sub(r"[\s-]+", "_", text.strip().lower())
    return HEADINGS.get(plain, plain)


def quantity(text: str, known: frozenset[str]) -> str:
    """Return the quantity that a spelling stands for; the spelling itself where none is known.

    Examples
    --------
    >>> quantity("NOX", frozenset({"NOx"})), quantity("SFOC", frozenset()), quantity("load", frozenset())
    ('NOx', 'BSFC', 'load')
    """
    if text in known:
        return text
    plain = re.sub(r"[\W_]", "", text).lower()
    by_letters = {re.sub(r"[\W_]", "", name).lower(): name for name in known}
    return by_letters.get(plain) or _ALIASES.get(plain) or text


def speeds(rows: pd.DataFrame, keys: tuple[str, ...]) -> tuple[str, pd.Series, pd.Series]:
    """Find the key column that tells engines by rated speed.

    Returns
    -------
    column : str
        Its name; blank where no key tells.
    speed : Series of str
        SSD, MSD or HSD; blank where a row is of none.
    rest : Series of str
        What else the column says, for example that the engine is an auxiliary.
    """
    nothing = pd.Series("", index=rows.index, dtype="str")
    for key in keys:
        text = rows[key].astype("str").str.lower()
        speed, rest = nothing.copy(), text
        for name, words in _SPEED_WORDS.items():
            here = text.str.contains(words, regex=True)
            speed = speed.mask(here, name)
            rest = rest.mask(here, text.str.replace(words, "", regex=True).str.strip(" -_,"))
        if (speed != "").any():
            return key, speed, rest
    return "", nothing, nothing


def tiers(rows: pd.DataFrame, keys: tuple[str, ...]) -> tuple[str, pd.Series]:
    """Find the key column that holds tiers, and the tier of each row as a number.

    The sub-types of Tier 4 (T4IA, T4FB) are not ordered among themselves and have no number.
    """
    for key in keys:
        pattern = _TIER_OF_TECHNOLOGY if key == "tech_type" else _TIER if "tier" in key.lower() else ""
        if not pattern:
            continue
        found = rows[key].astype("str").str.strip().str.lower().str.extract(pattern)["tier"]
        number = pd.to_numeric(found.replace(_ROMAN), errors="coerce").astype(float)
        if number.notna().any():
            return key, number
    return "", pd.Series(float("nan"), index=rows.index)
