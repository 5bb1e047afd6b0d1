"""The factor linter: what a reviewer would ask about a table of emission factors, asked before.

It reads a shipped edition or a user's own CSV and returns findings. An *error* is something that cannot be
right (a negative factor, a key that stands twice, more sulfur out than in). A *warning* is something to look
at (a value outside its usual band, a newer engine dirtier than an older one).

The linter knows quantities, dimensions and fuels; which factor is the better one it cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from factors.lint.finding import Finding, about_values, errors, in_order
from factors.sources import list_editions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finding", "errors", "lint_edition", "lint_file", "lint_table"]


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
    error: table, row 2, column value: NOx is -3 g/kWh: a factor cannot be negative [value]
    """
    text = frame.reset_index(drop=True)
    text.columns = [str(column).strip() for column in text.columns]
    if "quantity" not in text.columns and "pollutant" in text.columns:
        text = text.rename(columns={"pollutant": "quantity"})
    # A missing cell of a typed table must read as blank, not as the word "nan".
    text = text.astype(object).where(text.notna(), "").astype(str)
    return in_order(_lint(text, keys, member, mixture, sulfur_pct), name, limit)


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
    from factors.lint import reading

    path = Path(path)
    text, found = reading.read(path)
    if text is not None and (len(text) or not found):
        found += _lint(text, keys, (), False, sulfur_pct)
    return in_order(found, path.name, 20)


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


def _lint(
    text: pd.DataFrame,
    keys: Mapping[str, str] | None,
    member: Sequence[str],
    mixture: bool,
    sulfur_pct: float | None,
) -> list[Finding]:
    """Check a table of text; row *i* of its index stands on line *i* + 2."""
    from factors.lint import balance, content, form, order, percent

    found = form.columns(text)
    if found:
        return found
    text, found = form.with_known_quantities(text, content.KNOWN)
    # A document may well be silent between two of its bins, and its method then refuses; of a table of one's
    # own one wants to know.
    own = keys is None
    owned: dict[str, str] = {}
    if keys is None:
        text, told, owned = form.with_named_ends(text)
        keys = form.guess_keys(text, member)
        found += told
    absent = [c for c in (*form.columns_of(keys), *member) if c not in text.columns]
    if absent:
        return [Finding("error", "columns", None, f"key columns are missing: {', '.join(absent)}")]
    found += form.check(text, keys, member, gaps=own)
    table = content.prepare(text, (*form.columns_of(keys), *member), sulfur_pct)
    checks = [*content.CHECKS, *balance.CHECKS, *order.CHECKS, percent.fractions_in_percent]
    if mixture:
        checks.append(balance.shares_make_one)
    found += [about_values(*remark) for check in checks for remark in check(table)]
    return [replace(finding, column=owned.get(finding.column, finding.column)) for finding in found]
