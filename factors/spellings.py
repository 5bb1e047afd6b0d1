"""How agencies spell units: the vocabulary, what each spelling means, and units within column headings.

``units_vocabulary.csv`` gives for each spelling the pint text, and the species and the basis that it carries
(``g CO2/g fuel`` is a pure number *of CO2, per mass of fuel*). A spelling that is not listed is refused with
the nearest ones that are; one with two meanings, such as a bare ``ton``, with what to write instead.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_REFUSED = "refused"

# Last words of a column name that look like a unit and are part of the name.
_NOT_A_SUFFIX = frozenset(
    {"1", "ratio", "fraction", "multiplier", "coefficient", "exponent", "class", "percent", "year", "years",
     "day", "days", "start", "starts", "call", "calls", "trip", "trips", "vehicle", "vehicles", "second"}
)  # fmt: skip


class UnitError(ValueError):
    """A unit that is unknown, ambiguous, or of the wrong dimension.

    Attributes
    ----------
    spelling : str
        The text that was met.
    nearest : tuple of str
        Known spellings that look like it.
    """

    def __init__(self, message: str, *, spelling: str = "", nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.spelling = spelling
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Spelling:
    """One line of the vocabulary: what a unit text means.

    Attributes
    ----------
    spelling : str
        The text as agencies write it.
    unit : str
        The pint text, or ``refused``.
    species, basis : str
        What is measured, and per what, where the text says so; else empty.
    remark : str
        A remark, or for a refused spelling what to write instead.
    """

    spelling: str
    unit: str
    species: str
    basis: str
    remark: str

    @property
    def is_refused(self) -> bool:
        """Whether the spelling is known to be ambiguous."""
        return self.unit == _REFUSED


@cache
def vocabulary() -> dict[str, Spelling]:
    """Every known spelling, refused ones included.

    Returns
    -------
    dict
        Spelling text -> :class:`Spelling`.

    Examples
    --------
    >>> vocabulary()["g/hp-hr"].unit
    'gram/(horsepower*hour)'
    """
    text = resources.files("factors").joinpath("units_vocabulary.csv").read_text(encoding="utf-8")
    return {row["spelling"]: Spelling(**row) for row in csv.DictReader(text.splitlines())}


@cache
def _by_folded_spelling() -> dict[str, Spelling | None]:
    """Spellings by their folded form; None where folding would merge two meanings."""
    folded: dict[str, Spelling | None] = {}
    for text, entry in vocabulary().items():
        key = _fold(text)
        other = folded.get(key, entry)
        # When a refused spelling folds onto an accepted one ("T" and "t"), only the exact text decides.
        folded[key] = entry if other is not None and other.unit == entry.unit else None
    return folded


@cache
def _canonical_texts() -> dict[str, Spelling]:
    """The pint texts of the vocabulary, which are accepted as spellings of themselves."""
    return {
        entry.unit: Spelling(entry.unit, entry.unit, "", "", "")
        for entry in vocabulary().values()
        if not entry.is_refused
    }


def _fold(text: str) -> str:
    text = text.replace("\u00b7", "*").replace("\u2212", "-").replace("\u00a0", " ").replace("\u00b3", "3")
    text = re.sub(r"\s+", " ", text.strip())
    text = re.sub(r"\s*/\s*", "/", text)
    return text.casefold()


def describe(text: str) -> Spelling:
    """What a unit text means: pint text, species, basis, remark.

    Parameters
    ----------
    text : str
        A unit as a table or a heading writes it.

    Returns
    -------
    Spelling

    Raises
    ------
    UnitError
        If the spelling is not in the vocabulary, or is refused because it has two meanings.

    Examples
    --------
    >>> describe("g CO2/g fuel").species, describe("g CO2/g fuel").basis
    ('CO2', 'of fuel mass')
    """
    if not isinstance(text, str):
        raise TypeError(f"a unit is a text, for example 'kW'; got {text!r}")
    entry = vocabulary().get(text.strip()) or _canonical_texts().get(text.strip())
    if entry is None:
        entry = _by_folded_spelling().get(_fold(text))
    if entry is None:
        nearest = _nearest(text)
        hint = f" Did you mean {_join_or(nearest)}?" if nearest else ""
        problem = "is empty" if not text.strip() else f'"{text}" is not a unit known here'
        raise UnitError(f"unit {problem}.{hint}", spelling=text, nearest=nearest)
    if entry.is_refused:
        raise UnitError(f'unit "{text}" is refused: {entry.remark}.', spelling=text)
    return entry


def _nearest(text: str) -> tuple[str, ...]:
    folded = {_fold(key): key for key, entry in vocabulary().items() if not entry.is_refused}
    return tuple(folded[key] for key in difflib.get_close_matches(_fold(text), list(folded), n=3, cutoff=0.6))


def _join_or(items: tuple[str, ...]) -> str:
    quoted = [f'"{item}"' for item in items]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def split_heading(heading: str) -> tuple[str, str | None]:
    """Part a column heading into its name and its unit.

    Parameters
    ----------
    heading : str
        ``"Power (hp)"``, ``"power [hp]"``, ``"power, hp"`` or ``"power_hp"``. Look for the whole heading
        among the known column names first: ``on_terminal_miles`` is a name that ends in a unit.

    Returns
    -------
    name : str
        Lower case with underscores.
    unit : str or None
        The unit as written, not yet checked: give it to :func:`parse_unit`, which refuses a bare ``ton``.
        None where the heading has no unit.

    Examples
    --------
    >>> split_heading("Rated Power (hp)"), split_heading("ef_nox_g_per_kwh"), split_heading("Cargo [tons]")
    (('rated_power', 'hp'), ('ef_nox', 'g/kwh'), ('cargo', 'tons'))
    >>> split_heading("engine_model_year")
    ('engine_model_year', None)
    """
    text = re.sub(r"\s+", " ", heading.strip())
    found = re.fullmatch(r"(.*\S)\s*(?:\(\s*(.+?)\s*\)|\[\s*(.+?)\s*\])", text)
    if found:
        return _snake(found.group(1)), found.group(2) or found.group(3)
    found = re.fullmatch(r"(.*\S)\s*,\s*(\S+)", text)
    if found and _is_known(found.group(2)):
        return _snake(found.group(1)), found.group(2)
    words = _snake(text).split("_")
    for start in range(1, len(words)):
        ending = words[start:]
        unit = "/".join("-".join(part) for part in _split_list(ending, "per"))
        if unit not in _NOT_A_SUFFIX and _is_known(unit):
            return "_".join(words[:start]), unit
    return _snake(text), None


def _split_list(words: list[str], separator: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == separator:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _is_known(unit: str) -> bool:
    return unit in vocabulary() or _fold(unit) in _by_folded_spelling()


def _snake(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", text.strip().casefold()).strip("_")
