"""Factor tables: typed keys, interval keys, units as printed, and loud misses."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.brief import lines, listed
from factors.guarded import guarded
from factors.missing_keys import FactorMissing as FactorMissing
from factors.missing_keys import missing
from factors.sources import TableSpec, load_edition
from factors.units import conversion

SOURCE_COLUMNS = ("source_document", "table", "source_address", "confidence", "note")
"""What every factor row says about where it comes from."""

VALUE_COLUMNS = ("quantity", "value", "unit", *SOURCE_COLUMNS)

_UNBOUNDED = {"gt": -np.inf, "ge": -np.inf, "le": np.inf, "lt": np.inf}


@dataclass(frozen=True)
class Rows:
    """Rows of a factor table, one for each of the classes that asked.

    Attributes
    ----------
    table : FactorTable
    index : pandas.Index, shape (n,)
        The classes (or queries) these rows answer.
    position : ndarray of int, shape (n,)
        Row numbers in the table.
    """

    table: FactorTable
    index: pd.Index
    position: NDArray[np.int64]

    @property
    def value(self) -> NDArray[np.float64]:
        """Values as printed, in `unit`."""
        return self.table.values[self.position]

    @property
    def unit(self) -> NDArray[Any]:
        """Unit spelling of each row, as printed."""
        return self.table.unit_spellings[self.position]

    def to(self, unit: str) -> NDArray[np.float64]:
        """Return the values converted to one unit.

        Raises
        ------
        factors.units.UnitError
            If a row's unit has another dimension.
        """
        spelled = pd.Categorical(self.unit)
        scale = np.array([conversion(str(text), unit) for text in spelled.categories], dtype=float)
        return self.value * scale[spelled.codes]

    def member(self, column: str) -> NDArray[Any]:
        """Return a column of the rows, for example the technology of a mixture."""
        return self.table.frame[column].to_numpy()[self.position]

    def __len__(self) -> int:
        return len(self.position)


@guarded("frame")
@dataclass(frozen=True)
class FactorTable:
    """A table of one edition, ready to be asked with arrays of keys.

    Attributes
    ----------
    spec : TableSpec
    frame : pandas.DataFrame
        The rows as in the file, keys typed; row *i* stands on line *i* + 2 of the file.
    """

    spec: TableSpec
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return lines(
            f"FactorTable {self.name}",
            {
                "describes": self.spec.describes,
                "rows": f"{len(self.frame):,}",
                "keys": listed(self.spec.columns, most=12),
                "quantities": listed(self.quantities, most=12),
            },
        )

    @property
    def text(self) -> pd.DataFrame:
        """The rows in the form of their file: unbounded intervals are blank."""
        bounds = [column for columns in self.spec.columns.values() for column in columns if len(columns) > 1]
        blank = {column: self.frame[column].where(np.isfinite(self.frame[column])) for column in bounds}
        return self.frame.assign(**blank)

    @property
    def name(self) -> str:
        """``edition/table``."""
        return f"{self.spec.edition}/{self.spec.name}"

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Values as printed."""
        return self.frame["value"].to_numpy(dtype=float)

    @cached_property
    def unit_spellings(self) -> NDArray[Any]:
        """Unit spellings as printed."""
        return self.frame["unit"].to_numpy(dtype=object)

    @cached_property
    def _units(self) -> tuple[NDArray[np.int64], list[str]]:
        codes, names = pd.factorize(self.frame["unit"])
        return codes.astype(np.int64), [str(name) for name in names]

    @property
    def unit_codes(self) -> NDArray[np.int64]:
        """Unit of each row as a number into `unit_names`."""
        return self._units[0]

    @property
    def unit_names(self) -> list[str]:
        """The distinct unit spellings of the table."""
        return self._units[1]

    @cached_property
    def _by_quantity(self) -> dict[str, pd.DataFrame]:
        flat = [column for columns in self.spec.columns.values() for column in columns]
        keys = self.frame[flat].assign(_position=np.arange(len(self.frame)))
        return {str(name): keys[(self.frame["quantity"] == name).to_numpy()] for name in self.quantities}

    @cached_property
    def quantities(self) -> list[str]:
        """Pollutants and quantities that the table holds."""
        return sorted(self.frame["quantity"].unique())

    @cached_property
    def _listed(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    def listed(self, *columns: str) -> pd.DataFrame:
        """Return the distinct combinations of some columns, in the order of the file."""
        if columns not in self._listed:
            self._listed[columns] = self.frame[list(columns)].drop_duplicates(ignore_index=True)
        return self._listed[columns].copy()

    def same_values(self, *keys: str) -> pd.DataFrame:
        """Return the combinations of some exact keys, numbered by their values in all else.

        Returns
        -------
        pandas.DataFrame
            The keys and ``number``: combinations of one number have the same rows but for these keys.
        """
        if keys not in self._numbered:
            rest = [c for key, cs in self.spec.columns.items() if key not in keys for c in cs]
            rest += [*self.spec.member, "quantity", "unit"]
            wide = self.frame.pivot(index=list(keys), columns=rest, values="value")
            lines = np.column_stack([wide.fillna(0.0).to_numpy(), wide.isna().to_numpy()])
            number = np.unique(lines, axis=0, return_inverse=True)[1]
            found = pd.DataFrame({"number": number.ravel()}, index=wide.index)
            self._numbered[keys] = found.reset_index()
        return self._numbered[keys].copy()

    @cached_property
    def _numbered(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    def means(self, quantity: str, keys: tuple[str, ...]) -> pd.Series:
        """Return the plain mean of a quantity's printed values over all keys but some, indexed by these."""
        if keys not in self._means:
            self._means[keys] = self.frame.groupby(["quantity", *keys])["value"].mean()
        of_all = self._means[keys]
        return (
            of_all.loc[[quantity]].droplevel("quantity") if quantity in self.quantities else of_all.iloc[:0]
        )

    @cached_property
    def _means(self) -> dict[tuple[str, ...], pd.Series]:
        return {}

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What readers worked out of the rows and would work out again, by what they call it."""
        return {}

    def available(self, quantity: str) -> pd.DataFrame:
        """Return the keys for which the table has a quantity."""
        return self._rows_of(quantity).drop(columns="_position").reset_index(drop=True)

    def find(self, query: pd.DataFrame, quantity: str, **fixed: object) -> Rows:
        """Return exactly one row for each query.

        Parameters
        ----------
        query : pandas.DataFrame, shape (n, ...)
            One row a class, with the table's keys as columns.
        quantity : str
            Pollutant or quantity.
        **fixed
            Keys that are the same for all, instead of a column.

        Returns
        -------
        Rows, shape (n,)

        Raises
        ------
        FactorMissing
            If a key is not in the table; the message names the nearest keys.
        ValueError
            If several rows answer one query (the table is a mixture or has overlapping keys).
        """
        asked, rows = self.expand(query, quantity, **fixed)
        if len(asked) != len(query):
            counts = np.bincount(asked, minlength=len(query))
            example = query.iloc[[int(np.argmax(counts))]].to_dict("records")[0]
            raise ValueError(f"{self.name}: {int(counts.max())} rows of {quantity} answer {example}")
        return rows

    def expand(self, query: pd.DataFrame, quantity: str, **fixed: object) -> tuple[NDArray[np.int64], Rows]:
        """Return every row that answers each query: the parts of a mixture.

        Returns
        -------
        asked : ndarray of int, shape (m,)
            Position in `query` that each row answers, ascending; m >= n.
        rows : Rows, shape (m,)

        Raises
        ------
        FactorMissing
            If a query is answered by no row.
        """
        keys = self._query(query, fixed)
        self._rows_of(quantity)
        asked, position = self._match(keys, len(query), quantity)
        answered = np.zeros(len(query), dtype=bool)
        answered[asked] = True
        if not answered.all():
            asked_in_vain = pd.DataFrame(keys, index=query.index)[~answered]
            raise missing(self.name, self.spec, self.available(quantity), asked_in_vain, quantity)
        index = query.index if np.array_equal(asked, np.arange(len(query))) else query.index[asked]
        return asked, Rows(self, index, position)

    def has(self, query: pd.DataFrame, quantity: str, **fixed: object) -> NDArray[np.bool_]:
        """Return for each query whether the table answers it."""
        keys = self._query(query, fixed)
        answered = np.zeros(len(query), dtype=bool)
        if quantity in self._by_quantity:
            answered[self._match(keys, len(query), quantity)[0]] = True
        return answered

    def _rows_of(self, quantity: str) -> pd.DataFrame:
        if quantity not in self._by_quantity:
            raise FactorMissing(
                self.name, quantity, pd.DataFrame(),
                f"{self.name} has no {quantity}; it has {', '.join(self.quantities)}",
            )  # fmt: skip
        return self._by_quantity[quantity]

    def _query(self, query: pd.DataFrame, fixed: Mapping[str, object]) -> dict[str, Any]:
        """Values asked for by key: a column, or the one value that is the same for all."""
        absent = [key for key in self.spec.keys if key not in fixed and key not in query.columns]
        if absent:
            raise TypeError(
                f"{self.name} is asked by {', '.join(self.spec.keys)}; not given: {', '.join(absent)}"
            )
        return {key: fixed[key] if key in fixed else query[key] for key in self.spec.keys}

    @cached_property
    def _positions(self) -> dict[str, dict[tuple[Any, ...], NDArray[np.int64]]]:
        """Row numbers by quantity and exact keys, ascending."""
        found: dict[str, dict[tuple[Any, ...], list[int]]] = {name: {} for name in self._by_quantity}
        for name, rows in self._by_quantity.items():
            spelled = _tuples(rows, len(rows), rows, self._exact)
            for keys, position in zip(spelled, rows["_position"], strict=True):
                found[name].setdefault(keys, []).append(int(position))
        return {
            name: {keys: np.array(positions, dtype=np.int64) for keys, positions in groups.items()}
            for name, groups in found.items()
        }

    @property
    def _exact(self) -> list[str]:
        return [key for key, kind in self.spec.keys.items() if kind == "exact"]

    def _match(
        self, keys: Mapping[str, Any], n: int, quantity: str
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which query each answering row answers, and the row's number; both ascending."""
        groups = self._positions[quantity]
        nothing = np.zeros(0, dtype=np.int64)
        found = [groups.get(key, nothing) for key in _tuples(keys, n, self.frame, self._exact)]
        asked = np.repeat(np.arange(n), [len(positions) for positions in found])
        position = np.concatenate([nothing, *found])
        # The newest step is one of those rows that all other keys leave, so steps come last.
        for key, kind in sorted(self.spec.keys.items(), key=lambda item: item[1] == "from"):
            if kind == "exact":
                continue
            bounds = [self.frame[column].to_numpy()[position] for column in self.spec.columns[key]]
            value = np.broadcast_to(np.asarray(pd.to_numeric(keys[key]), dtype=float), n)[asked]
            if kind == "gt_le":
                inside = (value > bounds[0]) & (value <= bounds[1])
            elif kind == "ge_lt":
                inside = (value >= bounds[0]) & (value < bounds[1])
            else:
                reached = bounds[0] <= value
                newest = np.full(n, -np.inf)
                np.maximum.at(newest, asked[reached], bounds[0][reached])
                inside = reached & (bounds[0] == newest[asked])
            asked, position = asked[inside], position[inside]
        return asked, position


def _tuples(
    keys: Mapping[str, Any] | pd.DataFrame, n: int, rows: pd.DataFrame, exact: list[str]
) -> Iterable[tuple[Any, ...]]:
    """Return exact keys as tuples of the table's own types, line by line.

    Numbers stay as asked: 5.5 is not 5, and what is no number at all is equal to nothing.
    """
    if not exact:
        return [()] * n
    return zip(*(_spelled(keys[key], n, rows[key].dtype) for key in exact), strict=True)


def _spelled(asked: Any, n: int, dtype: Any) -> list[Any]:
    """Values of one exact key in the type of the table, shape (n,)."""
    if not isinstance(asked, pd.Series):
        return _spelled(pd.Series([asked]), 1, dtype) * n
    if pd.api.types.is_numeric_dtype(dtype):
        if not pd.api.types.is_numeric_dtype(asked.dtype):
            asked = pd.to_numeric(asked.astype(object), errors="coerce")
        return cast("list[Any]", asked.to_numpy(dtype=float).tolist())
    same = asked if asked.dtype == dtype else asked.astype(dtype)
    return same.to_numpy(dtype=object).tolist()


@cache
def load_table(edition: str, table: str) -> FactorTable:
    """Read a table of a shipped edition.

    Examples
    --------
    >>> table = load_table("epa-ogv-2022", "bsfc")
    >>> query = pd.DataFrame({"engine_group": ["propulsion"], "engine_type": ["SSD"], "fuel": ["MGO/MDO"]})
    >>> table.find(query, "BSFC").value
    array([185.])
    """
    declared = load_edition(edition)
    if table not in declared.tables:
        raise KeyError(f"edition {edition!r} has no table {table!r}; it has {', '.join(declared.tables)}")
    spec = declared.tables[table]
    with declared.path(table).open("rb") as stream:
        text = pd.read_csv(stream, dtype=str, keep_default_na=False)
    return FactorTable(spec, typed_frame(text, spec))


@cache
def load_mapping(edition: str, name: str) -> pd.DataFrame:
    """Read a mapping of an edition: names of one scheme to names of another, all as text.

    Examples
    --------
    >>> load_mapping("epa-ogv-2022", "subtypes")["subtype"].iloc[0]
    'bulk.carrier.small'
    """
    declared = load_edition(edition)
    if name not in declared.mappings:
        raise KeyError(f"edition {edition!r} has no mapping {name!r}; it has {', '.join(declared.mappings)}")
    with (declared.folder / declared.mappings[name]).open("rb") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


def typed_frame(text: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Turn the text of a table's file into typed keys and numbers.

    Parameters
    ----------
    text : pandas.DataFrame
        All columns as text.
    spec : TableSpec

    Returns
    -------
    pandas.DataFrame
        Interval bounds and values as floats, exact keys as integers where every one is, else text.

    Raises
    ------
    ValueError
        If columns are missing or a number cannot be read.
    """
    wanted = [column for columns in spec.columns.values() for column in columns]
    absent = [column for column in (*wanted, *spec.member, *VALUE_COLUMNS) if column not in text.columns]
    if absent:
        raise ValueError(f"{spec.edition}/{spec.name}: the file has no column {', '.join(absent)}")
    frame = text.copy()
    for key, columns in spec.columns.items():
        for column in columns:
            frame[column] = _exact(text[column]) if spec.keys[key] == "exact" else _bound(text[column])
    frame["value"] = pd.to_numeric(text["value"])
    return frame


def _exact(text: pd.Series) -> pd.Series:
    whole = text.str.fullmatch(r"-?\d+")
    return pd.to_numeric(text) if len(text) and bool(whole.all()) else text


def _bound(text: pd.Series) -> pd.Series:
    suffix = str(text.name).rsplit("_", 1)[-1]
    numbers: pd.Series = pd.to_numeric(text.replace("", None)).astype(float)
    return numbers.fillna(_UNBOUNDED.get(suffix, -np.inf))
