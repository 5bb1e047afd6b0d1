"""The factor linter: what a reviewer would ask about a table of emission factors, asked before.

It reads a shipped edition or a user's own CSV and returns findings. An *error* is something that cannot be
right (a negative factor, a key that stands twice, more sulfur out than in). A *warning* is something to look
at (a value outside its usual band, a newer engine dirtier than an older one).

The linter knows quantities, dimensions and fuels; which factor is the better one it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factors import _lint_checks as physics
from factors import _lint_order as order
from factors import units
from factors.sources import list_editions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finding", "errors", "lint_edition", "lint_file", "lint_table"]

Severity = Literal["error", "warning"]

_REQUIRED = ("quantity", "value", "unit")
_SOURCE = ("source_document", "table", "source_address", "confidence")
_NOT_KEYS = frozenset((*_REQUIRED, *_SOURCE, "note", "confidence_detail"))
_CONFIDENCE = ("read", "derived", "unverified")
_PAIRS = {"_gt": "_le", "_ge": "_lt"}

# Units of the terms of fitted curves, which may be negative.
_MAY_BE_NEGATIVE = frozenset({"1", "coefficient", "exponent"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the linter found.

    Attributes
    ----------
    severity : {"error", "warning"}
    check : str
        Name of the check, for example ``"carbon balance"``.
    row : int or None
        Line of the file (the heading is line 1); None where the finding concerns the table.
    message : str
        What was found, what was expected, what to do.
    table : str
        Name of the table or file.
    """

    severity: Severity
    check: str
    row: int | None
    message: str
    table: str = ""

    def __str__(self) -> str:
        place = self.table + (f", row {self.row}" if self.row is not None else "")
        return f"{self.severity}: {place}: {self.message} [{self.check}]"


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Only the findings that cannot be right.

    Examples
    --------
    >>> errors([Finding("warning", "band", 2, "unusual")])
    []
    """
    return [finding for finding in findings if finding.severity == "error"]


def lint_table(
    frame: pd.DataFrame,
    keys: Mapping[str, str] | None = None,
    *,
    member: Sequence[str] = (),
    mixture: bool = False,
    sulfur_pct: float | None = None,
    name: str = "table",
    limit: int = 20,
) -> list[Finding]:
    """Check a long table of factors.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of keys, then ``quantity`` (or ``pollutant``), ``value``, ``unit`` and the source columns. Row
        *i* is taken to stand on line *i* + 2 of a file.
    keys : mapping of str to {"exact", "gt_le", "ge_lt", "from"}, optional
        How each key is matched, as in ``edition.toml``. Read off the column names where not given:
        ``hp_gt`` with ``hp_le`` is an interval, ``model_year_from`` a step, anything else exact.
    member : sequence of str
        Columns that tell the parts of a mixture apart.
    mixture : bool
        Whether the values under one key are shares that must make one.
    sulfur_pct : float, optional
        Fuel sulfur in percent by mass, for the sulfur balance of tables that do not say it themselves.
    name : str
        Named in the findings.
    limit : int
        At most so many findings of one check are listed one by one.

    Returns
    -------
    list of Finding
        Errors first, then by row; empty for a table without remarks.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"tier": ["Tier 1"], "quantity": ["NOx"], "value": ["-3"], "unit": ["g/kWh"],
    ...     "source_document": ["own"], "table": ["1"], "source_address": ["x"], "confidence": ["read"]})
    >>> print(lint_table(table)[0])
    error: table, row 2: NOx is -3 g/kWh: a factor cannot be negative [value]
    """
    text = _as_text(frame)
    found = _check_columns(text)
    if found:
        return [_named(finding, name) for finding in found]
    declared = dict(keys) if keys is not None else _guess_keys(text, member)
    absent = [c for c in (*_columns_of(declared), *member) if c not in text.columns]
    if absent:
        message = f"key columns are missing: {', '.join(absent)}"
        return [Finding("error", "columns", None, message, name)]
    found = [*_check_sources(text), *_check_values(text), *_check_units(text)]
    found += [*_check_bounds(text, declared), *_check_duplicates(text, declared, member)]
    table = physics.prepare(text, declared, tuple(member), sulfur_pct)
    checks: list[Callable[[physics.Table], list[physics.Remark]]] = [*physics.CHECKS, *order.CHECKS]
    if mixture:
        checks.append(physics.shares_make_one)
    for check in checks:
        found += [Finding(severity, kind, row, message) for severity, kind, row, message in check(table)]
    return _ordered([_named(finding, name) for finding in found], limit)


def lint_file(
    path: str | Path, keys: Mapping[str, str] | None = None, *, sulfur_pct: float | None = None
) -> list[Finding]:
    """Check a user's own CSV of factors.

    Parameters
    ----------
    path : str or Path
    keys, sulfur_pct
        As for :func:`lint_table`.

    Returns
    -------
    list of Finding

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    import pandas as pd

    path = Path(path)
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        return [Finding("error", "columns", None, "the file is empty", path.name)]
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        return [
            Finding("error", "columns", None, f"the file cannot be read as CSV in UTF-8: {error}", path.name)
        ]
    return lint_table(frame, keys, sulfur_pct=sulfur_pct, name=path.name)


def lint_edition(name: str) -> list[Finding]:
    """Check every table of a shipped edition.

    Parameters
    ----------
    name : str
        For example ``"epa-ogv-2022"``.

    Returns
    -------
    list of Finding

    Raises
    ------
    KeyError
        If there is no such edition.
    """
    import tomllib
    from importlib import resources

    import pandas as pd

    folder = resources.files("factors") / "editions" / name
    if not (folder / "edition.toml").is_file():
        raise KeyError(f"no edition {name!r}; shipped are {', '.join(list_editions())}")
    declared = tomllib.loads((folder / "edition.toml").read_text(encoding="utf-8"))
    found: list[Finding] = []
    for table, spec in declared["tables"].items():
        with (folder / spec["file"]).open("rb") as stream:
            frame = pd.read_csv(stream, dtype=str, keep_default_na=False)
        found += lint_table(
            frame,
            spec["keys"],
            member=spec.get("member", ()),
            mixture=spec.get("mixture", False),
            name=f"{name}/{table}",
        )
    return found


# ------------------------------------------------------------------ form


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    text = frame.reset_index(drop=True)
    text.columns = [str(column).strip() for column in text.columns]
    if "quantity" not in text.columns and "pollutant" in text.columns:
        text = text.rename(columns={"pollutant": "quantity"})
    # A missing cell of a typed table must read as blank, not as the word "nan".
    return text.astype(object).where(text.notna(), "").astype(str)


def _check_columns(text: pd.DataFrame) -> list[Finding]:
    absent = [column for column in _REQUIRED if column not in text.columns]
    if absent:
        have = ", ".join(text.columns)
        message = f"columns are missing: {', '.join(absent)}; the file has {have}"
        return [Finding("error", "columns", None, message)]
    repeated = sorted({c for c in text.columns if list(text.columns).count(c) > 1})
    if repeated:
        return [Finding("error", "columns", None, f"columns stand twice: {', '.join(repeated)}")]
    return [] if len(text) else [Finding("error", "columns", None, "the table has no rows")]


def _guess_keys(text: pd.DataFrame, member: Sequence[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for column in text.columns:
        if column in _NOT_KEYS or column in member:
            continue
        base, suffix = column[:-3], column[-3:]
        if suffix in _PAIRS and base + _PAIRS[suffix] in text.columns:
            keys[base] = suffix[1:] + "_" + _PAIRS[suffix][1:]
        elif suffix in _PAIRS.values() and any(base + first in text.columns for first in _PAIRS):
            continue
        elif column.endswith("_from"):
            keys[column.removesuffix("_from")] = "from"
        else:
            keys[column] = "exact"
    return keys


def _columns_of(keys: Mapping[str, str]) -> list[str]:
    suffixes = {"exact": ("",), "gt_le": ("_gt", "_le"), "ge_lt": ("_ge", "_lt"), "from": ("_from",)}
    return [key + suffix for key, kind in keys.items() for suffix in suffixes[kind]]


def _check_sources(text: pd.DataFrame) -> list[Finding]:
    found: list[Finding] = []
    for column in _SOURCE:
        severity: Severity = "error" if column in ("source_document", "confidence") else "warning"
        if column not in text.columns:
            message = f"no column {column}: every row says where its number comes from"
            found.append(Finding(severity, "source", None, message))
            continue
        for line in text.index[text[column].str.strip() == ""]:
            found.append(Finding(severity, "source", int(line) + 2, f"{column} is blank"))
    if "confidence" in text.columns:
        given = text["confidence"].str.strip()
        for line in text.index[~given.isin(_CONFIDENCE) & (given != "")]:
            message = f'confidence is "{given[line]}"; it is one of {", ".join(_CONFIDENCE)}'
            found.append(Finding("error", "source", int(line) + 2, message))
    return found


def _check_values(text: pd.DataFrame) -> list[Finding]:
    import numpy as np
    import pandas as pd

    found: list[Finding] = []
    blank = text["value"].str.strip() == ""
    number = pd.to_numeric(text["value"], errors="coerce")
    for line in text.index[blank]:
        message = "the value is blank: leave the row out where nothing is known; a blank is not a zero"
        found.append(Finding("error", "value", int(line) + 2, message))
    for line in text.index[~blank & ~np.isfinite(number)]:
        message = f'"{text["value"][line]}" is not a number'
        found.append(Finding("error", "value", int(line) + 2, message))
    for line in text.index[(number < 0) & ~text["unit"].isin(_MAY_BE_NEGATIVE)]:
        quantity, unit = text["quantity"][line], text["unit"][line]
        # Fuels from plants and waste are credited, so a life-cycle value may well be below zero.
        if "CO2e" in unit:
            continue
        # A grid may emit less for one more kilowatt-hour, when it changes what is built or run.
        severity: Severity = "warning" if unit.endswith("/MWh") else "error"
        message = f"{quantity} is {text['value'][line]} {unit}: a factor cannot be negative"
        found.append(Finding(severity, "value", int(line) + 2, message))
    for line in text.index[text["quantity"].str.strip() == ""]:
        found.append(Finding("error", "value", int(line) + 2, "the quantity is blank"))
    return found


def _check_units(text: pd.DataFrame) -> list[Finding]:
    found: list[Finding] = []
    for spelling, rows in text.groupby("unit", sort=False):
        try:
            units.parse_unit(str(spelling))
        except units.UnitError as error:
            more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
            found.append(Finding("error", "unit", int(rows.index[0]) + 2, f"{error}{more}"))
    return found


def _check_bounds(text: pd.DataFrame, keys: Mapping[str, str]) -> list[Finding]:
    import pandas as pd

    found: list[Finding] = []
    for key, kind in keys.items():
        if kind == "exact":
            for line in text.index[text[key].str.strip() == ""]:
                found.append(Finding("error", "keys", int(line) + 2, f"key {key} is blank"))
            continue
        columns = _columns_of({key: kind})
        for column in columns:
            given = text[column].str.strip()
            readable = (given == "") | pd.to_numeric(given, errors="coerce").notna()
            for line in text.index[~readable]:
                message = f'{column} is "{given[line]}"; a bound is a number, or blank for none'
                found.append(Finding("error", "keys", int(line) + 2, message))
        if len(columns) == 2:
            low, high = (pd.to_numeric(text[column], errors="coerce") for column in columns)
            for line in text.index[low >= high]:
                message = f"{columns[0]} {low[line]:g} is not below {columns[1]} {high[line]:g}"
                found.append(Finding("error", "keys", int(line) + 2, message))
    return found


def _check_duplicates(text: pd.DataFrame, keys: Mapping[str, str], member: Sequence[str]) -> list[Finding]:
    import numpy as np
    import pandas as pd

    columns = [*_columns_of(keys), *member, "quantity"]
    found: list[Finding] = []
    group = text.groupby(columns, sort=False).ngroup()
    first = text.index.to_series().groupby(group).transform("min")
    for line in text.index[text.duplicated(columns)]:
        message = f"the same keys and quantity stand in row {int(first[line]) + 2}"
        found.append(Finding("error", "duplicate", int(line) + 2, message))
    for key, kind in keys.items():
        if kind not in ("gt_le", "ge_lt"):
            continue
        low_name, high_name = _columns_of({key: kind})
        others = [column for column in columns if column not in (low_name, high_name)]
        bounds = text[others].assign(
            low=pd.to_numeric(text[low_name], errors="coerce").fillna(-np.inf),
            high=pd.to_numeric(text[high_name], errors="coerce").fillna(np.inf),
        )
        # Bins of different quantities may differ; equal bins are duplicates and told above.
        bounds = bounds[~text.duplicated(columns)].sort_values([*others, "low", "high"], kind="stable")
        highest = bounds.groupby(others, sort=False)["high"].cummax()
        previous = highest.groupby([bounds[column] for column in others], sort=False).shift()
        for line in bounds.index[(bounds["low"] < previous).to_numpy()]:
            message = (
                f"{key} {bounds['low'][line]:g} to {bounds['high'][line]:g} overlaps another row's interval"
            )
            found.append(Finding("error", "overlap", int(line) + 2, message))
    return found


def _named(finding: Finding, name: str) -> Finding:
    return Finding(finding.severity, finding.check, finding.row, finding.message, finding.table or name)


def _ordered(found: list[Finding], limit: int) -> list[Finding]:
    found = sorted(found, key=lambda f: (f.severity != "error", f.row is not None, f.row or 0, f.check))
    listed: list[Finding] = []
    counts: dict[tuple[str, str], int] = {}
    for finding in found:
        kind = (finding.severity, finding.check)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= limit:
            listed.append(finding)
    for (severity, check), count in counts.items():
        if count > limit:
            message = f"and {count - limit} more of this kind"
            listed.append(Finding(severity, check, None, message, found[0].table))  # type: ignore[arg-type]
    return listed
