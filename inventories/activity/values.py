"""Text of cells to numbers, times and choices, by columns; what cannot be read is told, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inventories.activity.columns import Column
from inventories.activity.decimal_marks import EITHER
from inventories.port.port import nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finding", "parse"]

_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
_COMMA = r"^[+-]?\d+,\d+$"
_OFFSET = r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
_OFFSET_IN_HOURS = r"(?<=\d)\s?([+-]\d{2})$"
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
_ISO_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}"
_SLASHED = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_TRUE = ("yes", "y", "true", "1")
_FALSE = ("no", "n", "false", "0")
_YEARS = (1950, 2100)


@dataclass
class Finding:
    """Rows whose cells cannot be used, and why; ``notes`` are remarks that stop nothing."""

    mask: Any
    what: str
    allowed: str = ""
    advice: str = ""


@dataclass
class Parsed:
    """A column after reading, with the findings."""

    values: pd.Series
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    years: pd.Series | None = None


def parse(
    text: pd.Series, column: Column, *, timezone: str, factor: float = 1.0, mark: str | None = None
) -> Parsed:
    """Read one column.

    Parameters
    ----------
    text : Series of str
        Cells; blanks are empty strings.
    column : Column
        What the column is.
    timezone : str
        Zone of times that do not say theirs.
    factor : float
        From the unit of the heading to the canonical one.
    mark : str, optional
        Of a file parted by semicolons, as `inventories.activity.decimal_marks.mark_of` finds it; else a
        decimal point is written.
    """
    if column.kind in ("number", "integer"):
        return _numbers(text, column, factor, mark)
    if column.kind == "time":
        return _times(text, column, timezone)
    if column.kind == "date":
        return _dates(text, column)
    if column.kind == "bool":
        return _bools(text, column)
    if column.kind == "choice":
        return _choices(text, column)
    if column.kind in ("month", "period"):
        return _months(text, column)
    return _texts(text, column)


def _texts(text: pd.Series, column: Column) -> Parsed:
    if column.identifier:
        text = text.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    return Parsed(text.mask(text == ""))


def _numbers(text: pd.Series, column: Column, factor: float, mark: str | None) -> Parsed:
    import numpy as np
    import pandas as pd

    notes = []
    either = text.str.match(EITHER) if mark is not None and mark != "." else text.str.match("$^")
    if mark == "," and either.any():
        text = text.mask(either, text.str.replace(".", "", regex=False))
        notes.append("points between thousands left out, as the file writes decimal commas")
    if mark in (",", "?", ""):
        both = text.str.match(r"^[+-]?\d{1,3}(?:[.]\d{3})+,\d+$")
        text = text.mask(both, text.str.replace(".", "", regex=False))
    decimal_comma = mark is not None and mark != "."
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    rest = numbers.isna() & (text != "")
    if rest.any():
        pattern, change = (_COMMA, (",", ".")) if decimal_comma else (_THOUSANDS, (",", ""))
        fits = rest & text.str.match(pattern)
        if fits.any():
            numbers = numbers.where(
                ~fits, pd.to_numeric(text.where(fits, "").str.replace(*change), errors="coerce")
            )
            notes.append(
                "decimal commas read as such" if decimal_comma else "commas between thousands left out"
            )
    blank = text == ""
    doubtful = either & (mark != ",")
    if mark == "?":
        doubtful |= text.str.match(r"^[+-]?\d+[.]\d+$")
    numbers = numbers.mask(doubtful)
    bad = numbers.isna() & ~blank & ~doubtful
    found = [
        Finding(
            doubtful,
            "is not read: a decimal point, or thousands? The file is parted by semicolons, "
            + ("and has both marks." if mark == "?" else "and no other number says which mark it writes."),
            column.allowed,
            "Write 1250 or 1250,0 for thousands, 1,25 for a decimal; one mark in the whole file.",
        ),
        Finding(
            bad & text.str.match(_COMMA),
            "is not read: a decimal comma, or thousands?",
            column.allowed,
            "Write a decimal point.",
        ),
        Finding(bad & ~text.str.match(_COMMA), "is text where a number is needed.", column.allowed),
        Finding(np.isinf(numbers), "is not finite.", column.allowed),
    ]
    numbers = numbers.mask(np.isinf(numbers)) * factor
    if column.kind == "integer":
        broken = numbers.notna() & (numbers != np.round(numbers))
        found.append(Finding(broken, "is not a whole number.", column.allowed))
        numbers = numbers.mask(broken)
    low = column.minimum if column.minimum is not None else column.above
    if low is not None:
        under = (numbers < low) if column.minimum is not None else (numbers <= low)
        what = "is negative." if low == 0 and column.minimum is not None else "is too small."
        found.append(Finding(under, what, column.allowed))
        numbers = numbers.mask(under)
    if column.maximum is not None:
        over = numbers > column.maximum
        found.append(Finding(over, "is too large.", column.allowed, "Look at the unit of the heading."))
        numbers = numbers.mask(over)
    return Parsed(numbers, found, notes)


def _bools(text: pd.Series, column: Column) -> Parsed:
    import pandas as pd

    folded = text.str.casefold()
    values = pd.Series(pd.NA, index=text.index, dtype="boolean")
    values = values.mask(folded.isin(_TRUE), True).mask(folded.isin(_FALSE), False)
    return Parsed(values, [Finding((text != "") & values.isna(), "is neither yes nor no.", column.allowed)])


def _key(word: str) -> str:
    return re.sub(r"[^a-z0-9+]+", " ", word.casefold()).strip()


def _choices(text: pd.Series, column: Column) -> Parsed:
    """Choices and their synonyms, whatever the case; only the distinct spellings are looked at one by one."""
    known = {_key(other): ours for other, ours in column.synonyms.items()}
    known |= {_key(choice): choice for choice in column.choices}
    meaning: dict[str, str] = {"": ""}
    found = []
    for spelling in text.unique():
        parts = [part.strip() for part in spelling.split(";")] if column.many else [spelling]
        unknown = [part for part in parts if part and _key(part) not in known]
        if unknown:
            hint = _nearest_choice(unknown[0], column, known)
            what = f'"{unknown[0]}" is not known as {column.name}.'
            found.append(Finding(text == spelling, f"{what} {hint}".strip(), column.allowed))
        else:
            meaning[spelling] = ";".join(known[_key(part)] for part in parts if part)
    values = text.map(meaning).astype("str")
    return Parsed(values.mask(values.isna() | (values == "")), found)


def _nearest_choice(word: str, column: Column, known: dict[str, str]) -> str:
    """``Did you mean "cruise"?``: a synonym may be the nearest, but our own word for it is what is said."""
    stem = _key(word) + " "
    meant = dict.fromkeys(ours for spelling, ours in known.items() if spelling.startswith(stem))
    if len(meant) > 1:
        # The word leaves open which of several: a tier without its stage.
        return "Did you mean " + " or ".join(f'"{ours}"' for ours in meant) + "?"
    hint = nearest(word, [*column.choices, *column.synonyms])
    spelling = hint.partition('"')[2].rpartition('"')[0]
    return f'Did you mean "{known[_key(spelling)]}"?' if hint else ""


def _not_iso(text: pd.Series, bad: pd.Series, column: Column) -> list[Finding]:
    """Why a date or a time could not be read, and what to do."""
    shaped = text.str.match(_ISO_TIME) | text.str.match(_ISO_DATE)
    number = text.str.match(r"^\d{5}(\.\d+)?$")
    slashed = text.str.match(_SLASHED) & ~number & ~shaped
    return [
        Finding(
            bad & shaped, "does not exist: the calendar or the clock has no such moment.", column.allowed
        ),
        Finding(
            bad & number,
            "is a day number as Excel keeps dates.",
            column.allowed,
            "Format the cells as date and time, and save again.",
        ),
        Finding(
            bad & slashed,
            "is a date as text whose order of day and month cannot be told.",
            column.allowed,
            "Write year-month-day (ISO 8601), or format the cells as date in the spreadsheet.",
        ),
        Finding(bad & ~slashed & ~number & ~shaped, f"is not a {column.kind}.", column.allowed),
    ]


def _year_first(text: pd.Series) -> pd.Series:
    """Days as 2023/03/31, in which nothing is in doubt, as 2023-03-31."""
    return text.str.replace(r"^(\d{4})/(\d{2})/(\d{2})", r"\1-\2-\3", regex=True)


def _times(text: pd.Series, column: Column, timezone: str) -> Parsed:
    import numpy as np
    import pandas as pd

    text = _year_first(text)
    filled = text != ""
    shaped = filled & text.str.match(_ISO_TIME)
    zoned = shaped & text.str.contains(_OFFSET)
    plain = shaped & ~zoned
    values = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    if zoned.any():
        # databases write whole hours alone: 08:00+02
        text = text.mask(zoned, text.str.replace(_OFFSET_IN_HOURS, r"\1:00", regex=True))
        values = values.mask(
            zoned,
            pd.to_datetime(text.where(zoned), format="ISO8601", utc=True, errors="coerce").astype(
                values.dtype
            ),
        )
    found = []
    notes = []
    skipped = pd.Series(False, index=text.index)
    if plain.any():
        local = pd.to_datetime(text.where(plain), format="ISO8601", errors="coerce").astype("datetime64[us]")
        twice = (
            local.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="shift_forward").isna()
            & local.notna()
        )
        # a doubled hour in autumn is taken as its first passing, that is daylight time
        placed = local.dt.tz_localize(timezone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="NaT")
        skipped = placed.isna() & local.notna()
        values = values.mask(plain, placed.dt.tz_convert("UTC").astype(values.dtype))
        if twice.any():
            notes.append(
                f"{int(twice.sum())} times within the hour that the clocks of {timezone} pass twice were "
                f"taken as its first "
                "passing; write an offset to say otherwise"
            )
    dateless = filled & text.str.match(_ISO_DATE)
    found.append(
        Finding(dateless, "is a date without a time of day.", column.allowed, "Add the time of day.")
    )
    found.append(
        Finding(
            skipped,
            f"does not exist in {timezone}: the clocks went forward over it.",
            column.allowed,
            "Correct the time, or write it with its offset.",
        )
    )
    found += _not_iso(text, filled & values.isna() & ~dateless & ~skipped, column)
    odd = values.notna() & ~values.dt.year.between(*_YEARS)
    found.append(Finding(odd, "has a year out of range.", f"years {_YEARS[0]} to {_YEARS[1]}"))
    return Parsed(values.mask(odd), found, notes)


def _dates(text: pd.Series, column: Column) -> Parsed:
    import pandas as pd

    text = _year_first(text)
    filled = text != ""
    shaped = filled & (text.str.match(_ISO_DATE) | text.str.match(_ISO_TIME))
    values = pd.to_datetime(text.where(shaped).str.slice(0, 10), format="%Y-%m-%d", errors="coerce").astype(
        "datetime64[us]"
    )
    found = _not_iso(text, filled & values.isna(), column)
    odd = values.notna() & ~values.dt.year.between(1900, 2100)
    found.append(Finding(odd, "has a year out of range.", "years 1900 to 2100"))
    return Parsed(values.mask(odd), found)


def _months(text: pd.Series, column: Column) -> Parsed:
    """Months 1-12, and the year where the cell says one; a period may be a whole year (month blank)."""
    import pandas as pd

    text = text.str.replace(r"\.0$", "", regex=True)
    parts = text.str.extract(r"^(?P<year>\d{4})-(?P<month>\d{1,2})(?P<day>-\d{2}(?:[T ].*)?)?$")
    year = pd.to_numeric(parts["year"], errors="coerce")
    month = pd.to_numeric(parts["month"], errors="coerce")
    day = pd.to_datetime(
        text.where(parts["day"].notna()).str.slice(0, 10), format="%Y-%m-%d", errors="coerce"
    )
    month = month.mask(parts["day"].notna() & day.isna())
    if column.kind == "month":
        bare = text.str.match(r"^\d{1,2}$")
        month = month.where(~bare, pd.to_numeric(text.where(bare), errors="coerce"))
        whole = pd.Series(False, index=text.index)
    else:
        whole = text.str.match(r"^\d{4}$")
        year = year.where(~whole, pd.to_numeric(text.where(whole), errors="coerce"))
    good = whole | month.between(1, 12)
    found = _not_iso(text, (text != "") & ~good, column)
    odd = good & year.notna() & ~year.between(*_YEARS)
    found.append(Finding(odd, "has a year out of range.", f"years {_YEARS[0]} to {_YEARS[1]}"))
    good &= ~odd
    values = month.where(good).astype("float64")
    if column.kind == "period":
        return Parsed(text.mask(~good | (text == "")), found, years=year.where(good))
    return Parsed(values, found, years=year.where(good))
