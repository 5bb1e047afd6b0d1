"""Filling what is missing about ships, each fill marked with where it came from.

One ladder for every attribute: given in the port's own table, else in a register of ships, else in the port's
table of an earlier year, else the median of the port's ships of the same type and size, else a published
default, else a rule of this module; marked ``given, registry, same_ship, median`` or ``default``.
Engine types have no median: where none is published, the type that most of the port's ships state.
What cannot be filled honestly stops the build, all ships in one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import engines
from factors.method import Method
from factors.recipes.ships.plants import by_main_engine
from factors.tables import FactorTable, load_mapping
from inventories.work.ships.plant import add_plant
from inventories.work.ships.same_ships import Found, same_ships
from inventories.work.ships.sizes import epa_scheme, scheme_of, size_bin

SOURCE = "ocean_going_vessels"
MODES = ("transit", "maneuvering", "anchorage", "hotelling")

_ENGINE_OF_PROPULSION = {"diesel_electric": "MSD-ED", "steam": "ST", "gas_turbine": "GT"}


class GapError(ValueError):
    """What is missing cannot be filled; every ship concerned in one message."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Ships:
    """The ships of a year with every attribute that the method needs.

    Attributes
    ----------
    attributes : pandas.DataFrame
        One row a ship, index ``vessel_id``: ``type, table_type, subtype, main_kw, max_speed_kn,
        transit_speed_kn, engine_type, aux_engine_type, keel_date`` (day as a whole number), ``built_only``
        (year of delivery where no keel date is known), ``tier_main,
        tier_aux`` (by certificate, -1 where none), ``tier_cap``; gas cycle, fuels and hull as
        `inventories.work.ships.plant` adds them.
    marks : pandas.DataFrame
        Same shape: where each attribute came from.
    loads : pandas.DataFrame
        ``vessel_id, mode, auxiliary_kw, boiler_kw, auxiliary_from, boiler_from``.
    unusable : mapping of str to pandas.DataFrame
        Sizes that cannot be used, by the set whose bins count otherwise; see `sizes.Binned`.
    register : Found, optional
        What the register of ships knew, where there is one.
    """

    attributes: pd.DataFrame
    marks: pd.DataFrame
    loads: pd.DataFrame
    unusable: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    register: Found | None = None

    def steps(self) -> dict[str, dict[str, int]]:
        """Count ships by attribute and mark, for the manifest."""
        return {
            str(name): {
                str(mark): int(count) for mark, count in column.value_counts(sort=False).sort_index().items()
            }
            for name, column in self.marks.items()
        }


def fill_ships(
    vessels: pd.DataFrame,
    method: Method,
    registry: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
) -> Ships:
    """Complete the vessel table.

    Parameters
    ----------
    vessels : pandas.DataFrame
        The canonical ``vessels`` table; only ``vessel_id`` and ``type`` are needed.
    method : Method
    registry, earlier : pandas.DataFrame, optional
        A register of ships, and the same ships in earlier years: tables of the same form, a row a ship.

    Returns
    -------
    Ships

    Raises
    ------
    GapError
        If a ship's power, speed or engine type is not given and neither its peers nor the published table has
        it.
    """
    ships, steps, found = _known(
        vessels.set_index("vessel_id", drop=False), {"registry": registry, "same_ship": earlier}
    )
    out = pd.DataFrame(index=ships.index)
    marks = pd.DataFrame(index=ships.index)
    out["type"] = ships["type"].astype(str)
    epa = epa_scheme()
    out["table_type"] = epa.type_of(out["type"], pd.Series(False, index=out.index))
    binned = size_bin(out["table_type"], ships, bins := epa.bins)
    out["bin"], marks["size"] = binned.bin, binned.mark
    out["subtype"] = bins["subtype"].to_numpy()[out["bin"]]
    problems: list[str] = []
    published = _published(bins, method)
    out["max_speed_kn"], marks["max_speed_kn"] = _ladder(
        "max_speed_kn", _stated_speed(ships), out, published["max_speed"], problems
    )
    out["main_kw"], marks["main_kw"] = _ladder(
        "main_kw", _number(ships, "main_kw"), out, published["installed_propulsion_power"], problems
    )
    out["engine_type"], marks["engine_type"] = _engine_type(
        ships, out, published["engine_type"], problems, method
    )
    if problems:
        raise GapError(problems)
    out["transit_speed_kn"] = out["max_speed_kn"] * published["transit_speed_over_max_speed"][out["bin"]]
    marks["transit_speed_kn"] = "default"
    # ShipEF takes auxiliary engines for medium-speed diesels, and those of gas ships for oil burners.
    out["aux_engine_type"], marks["aux_engine_type"] = "MSD", "default"
    out = add_plant(ships, out, method)
    _fill_tiers(ships, out, marks, method)
    loads, useless = _fill_loads(ships, steps, out, marks, method)
    told = {"engine defaults": binned.unusable, loads_table(method).name: useless}
    return Ships(out, _by_source(marks, steps), loads, told, found.get("registry"))


_STATED_IN = {
    "size": ("size",),
    "max_speed_kn": ("max_speed_kn", "service_speed_kn"),
    "main_kw": ("main_kw",),
    "engine_type": ("engine_type", "propulsion", "fuel_types"),
    "tier_main": ("tier_main", "keel_date", "build_year"),
    "tier_aux": ("tier_aux", "keel_date", "build_year"),
}
"""The columns in which each attribute may be stated."""


def _known(
    ships: pd.DataFrame, others: Mapping[str, pd.DataFrame | None]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, Found]]:
    """Fill blanks from other tables on the same ships; return them, the cells each filled, what it knew."""
    filled = ships.copy()
    steps: dict[str, pd.DataFrame] = {}
    found: dict[str, Found] = {}
    for step, table in others.items():
        if table is None or not len(table):
            continue
        found[step] = same_ships(table, filled.index)
        same = found[step].rows
        columns = [name for name in same if name in filled and not str(name).startswith("_")]
        taken = filled[columns].isna() & same[columns].notna()
        for name in columns:
            filled[name] = filled[name].where(~taken[name], same[name])
        steps[step] = taken
    return filled, steps, found


def _by_source(marks: pd.DataFrame, steps: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Mark as filled from a register or an earlier year what one of its columns was filled from."""
    out = marks.copy()
    for step, taken in steps.items():
        for attribute, columns in _STATED_IN.items():
            from_step = taken[[name for name in columns if name in taken]].any(axis=1)
            out[attribute] = out[attribute].mask(from_step & (out[attribute] == "given"), step)
    return out


def _published(bins: pd.DataFrame, method: Method) -> dict[str, NDArray[np.object_]]:
    """EPA's Table C.3 and 3.12 by bin; a size that the table lacks takes the nearest size of its type."""
    table = method.table(SOURCE, "engine_defaults")
    engine_types = load_mapping("epa-ogv-2022", "engine_types")
    values: dict[str, NDArray[np.object_]] = {}
    label = bins["guidance_subtype"].str.replace(",", "").str.casefold()
    for quantity in ("installed_propulsion_power", "max_speed", "transit_speed_over_max_speed"):
        rows = table.frame[table.frame["quantity"] == quantity]
        asked = label if quantity != "transit_speed_over_max_speed" else pd.Series("all", index=bins.index)
        values[quantity] = _nearest_of_type(bins, asked, _by_label(rows, "value"))
    values["engine_type"] = _nearest_of_type(bins, label, _by_label(engine_types, "engine_type"))
    ratio = values["transit_speed_over_max_speed"].astype(float)
    # Types that Table 3.12 leaves out sail at the service speed: EPA's own ratio of service to maximum.
    values["transit_speed_over_max_speed"] = np.where(np.isnan(ratio), engines.SERVICE_OVER_MAX_SPEED, ratio)
    return values


def _by_label(rows: pd.DataFrame, value: str) -> dict[tuple[str, str], object]:
    """Values by type and subtype, labels freed of commas and capitals, in which EPA's tables differ."""
    labels = rows["subtype"].str.replace(",", "").str.casefold()
    return dict(zip(zip(rows["ship_type"], labels, strict=True), rows[value], strict=True))


def _nearest_of_type(
    bins: pd.DataFrame, label: pd.Series, known: Mapping[tuple[str, str], object]
) -> NDArray[np.object_]:
    exact = [known.get((kind, text)) for kind, text in zip(bins["guidance_ship_type"], label, strict=True)]
    filled = pd.Series(exact, index=bins.index, dtype=object)
    by_type = filled.groupby(bins["ship_type"])
    return np.asarray(by_type.ffill().fillna(by_type.bfill()).to_numpy(), dtype=object)


def _number(ships: pd.DataFrame, column: str) -> pd.Series:
    return ships[column].astype(float) if column in ships else pd.Series(np.nan, index=ships.index)


def _stated_speed(ships: pd.DataFrame) -> pd.Series:
    service = _number(ships, "service_speed_kn").dropna()
    by_service = pd.Series(engines.maximum_speed(service), index=service.index, dtype=float)
    return _number(ships, "max_speed_kn").fillna(by_service)


def _ladder(
    name: str, stated: pd.Series, out: pd.DataFrame, published: NDArray[np.object_], problems: list[str]
) -> tuple[pd.Series, pd.Series]:
    """Given, else the median of the same type and size, else published."""
    median = stated.groupby([out["type"], out["bin"]]).transform("median")
    default = pd.Series(published.astype(float)[out["bin"]], index=out.index)
    value = stated.fillna(median).fillna(default)
    mark = np.select([stated.notna(), median.notna()], ["given", "median"], "default")
    missing = value.isna()
    if missing.any():
        ids = ", ".join(map(str, out.index[missing][:5]))
        kinds = ", ".join(sorted(set(out.loc[missing, "type"])))
        problems.append(
            f"vessels: {int(missing.sum())} ships of type {kinds} have no {name} and no published default "
            f"(first: {ids}). Fill {name} for one ship of each type and size, or for all."
        )
    return value, pd.Series(mark, index=out.index)


def _engine_type(
    ships: pd.DataFrame,
    out: pd.DataFrame,
    published: NDArray[np.object_],
    problems: list[str],
    method: Method,
) -> tuple[pd.Series, pd.Series]:
    nothing = pd.Series(None, index=ships.index, dtype=object)
    stated = ships["engine_type"].astype(object) if "engine_type" in ships else nothing
    propulsion = ships["propulsion"].astype(object) if "propulsion" in ships else nothing
    by_propulsion = propulsion.map(_ENGINE_OF_PROPULSION).astype(object)
    burns_gas = pd.Series(False, index=ships.index)
    if "fuel_types" in ships:
        burns_gas = ships["fuel_types"].astype(object).fillna("").astype(str).str.contains("LNG")
    electric = (propulsion == "diesel_electric") & stated.notna() & ~stated.astype(str).str.endswith("-ED")
    value = by_propulsion.where(stated.isna() | electric, stated)
    # A gas-burning ship's propulsion is EPA's class LNG unless it is a steam or gas turbine plant.
    value = value.mask(burns_gas & ~value.isin(["ST", "GT"]), "LNG")
    # EPA's code knows no high-speed main engine: above 500 rpm is medium speed (ShipEF, calcEngineType).
    is_high_speed = (value == "HSD") & (not by_main_engine(method))
    value = value.mask(is_high_speed, "MSD")
    given = value.notna()
    peers = _most_frequent(value[given], out["type"])
    published_type = pd.Series(published[out["bin"]], index=out.index, dtype=object)
    from_peers = ~given & published_type.isna() & peers.notna()
    value = value.where(given, published_type).where(~from_peers, peers)
    missing = value.isna()
    if missing.any():
        ids = ", ".join(map(str, out.index[missing][:5]))
        problems.append(
            f"vessels: {int(missing.sum())} ships have no engine_type and no published default ({ids})"
        )
    mark = np.select([given & ~is_high_speed, from_peers], ["given", "median"], "default")
    return value.astype(str), pd.Series(mark, index=ships.index)


def _most_frequent(stated: pd.Series, types: pd.Series) -> pd.Series:
    """Return for each ship the engine type that most of the port's ships of its type state."""
    counts = pd.crosstab(types[stated.index], stated)
    return (
        types.map(counts.idxmax(axis=1)) if len(counts) else pd.Series(None, index=types.index, dtype=object)
    )


def _fill_tiers(ships: pd.DataFrame, out: pd.DataFrame, marks: pd.DataFrame, method: Method) -> None:
    """Certificate, else keel date, else build year less a lag, else the method's tier for unknown ages."""
    lag = int(method.option("keel_lag_years"))
    keel = ships["keel_date"] if "keel_date" in ships else pd.Series(pd.NaT, index=ships.index)
    keel = pd.to_datetime(keel)
    by_day = keel.dt.year * 10000 + keel.dt.month * 100 + keel.dt.day
    by_build = (_number(ships, "build_year") - lag) * 10000 + 101
    unknown = {"Tier 0": 19000101, "Tier 1": 20000101, "Tier 2": 20110101}[method.option("tier_unknown")]
    out["keel_date"] = by_day.fillna(by_build).fillna(unknown).astype(np.int64)
    out["built_only"] = _number(ships, "build_year").where(by_day.isna())
    # Only a keel date or a certificate can make a Tier III: many ships built after 2016 have earlier keels.
    out["tier_cap"] = np.where(by_day.notna(), 3, 2)
    from_keel = pd.Series(np.where(by_day.notna(), "given", "default"), index=ships.index)
    # A gas engine of the diesel cycle is bound by the tiers as an oil-burning one is.
    no_tier = out["engine_type"].isin(["ST", "GT", "GT-ED", "LNG", "FC"]) & (
        out["cycle"] != "diesel_high_pressure"
    )
    # A set that rates every engine by tier wants the keel's, whatever the engine.
    no_tier &= not by_main_engine(method)
    for part in ("main", "aux"):
        column = f"tier_{part}"
        stated = (
            ships[column].astype(object)
            if column in ships
            else pd.Series(None, index=ships.index, dtype=object)
        )
        number = pd.to_numeric(stated.astype(str).str.extract(r"(\d)")[0]).fillna(-1).astype(np.int64)
        out[column] = number.mask(no_tier, 0) if part == "main" else number
        marks[column] = from_keel.mask((number >= 0) | (no_tier if part == "main" else False), "given")


def _fill_loads(
    ships: pd.DataFrame,
    steps: Mapping[str, pd.DataFrame],
    out: pd.DataFrame,
    marks: pd.DataFrame,
    method: Method,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Auxiliary and boiler load of each ship by mode: measured, else by the set's type and size."""
    table = loads_table(method)
    scheme = scheme_of(table)
    kinds = scheme.type_of(out["type"], out["engine_type"].str.endswith("-ED"))
    known = kinds.notna()
    binned = size_bin(kinds[known], ships[known], scheme.bins)
    bins = binned.bin
    marks["load_size"] = binned.mark.reindex(out.index).fillna("given")
    _refuse_unknown_types(ships, out, known, table.name, sorted(set(scheme.types.values())))
    query = scheme.bins.iloc[bins].set_axis(out.index[known]).rename(columns={"ge": "size"})
    parts = []
    for mode in MODES:
        loads = pd.DataFrame({"vessel_id": out.index, "mode": mode})
        for group in ("auxiliary", "boiler"):
            default = np.full(len(out), np.nan)
            default[known.to_numpy()] = table.find(query, "load", engine_group=group, mode=mode).to("kW")
            given = _number(ships, f"{group}_{mode}_kw").to_numpy()
            loads[f"{group}_kw"] = np.where(np.isnan(given), default, given)
            mark = np.where(np.isnan(given), "default", "given").astype(object)
            for step, taken in steps.items():
                if (column := f"{group}_{mode}_kw") in taken:
                    mark[taken[column].to_numpy()] = step
            loads[f"{group}_from"] = mark
        parts.append(loads)
    return pd.concat(parts, ignore_index=True), binned.unusable


def loads_table(method: Method) -> FactorTable:
    """Return the table of auxiliary and boiler loads: the port's own, else that of the option `load_set`."""
    own = (SOURCE, "loads") in method.own_tables and (SOURCE, "loads") not in method.overrides
    return method.table(SOURCE, "loads" if own else f"loads_{method.option('load_set')}")


def _refuse_unknown_types(
    ships: pd.DataFrame, out: pd.DataFrame, known: pd.Series, table: str, types: list[str]
) -> None:
    """Ships of a type that the set has no loads for must bring all loads of their own."""
    columns = [f"{group}_{mode}_kw" for group in ("auxiliary", "boiler") for mode in MODES]
    own = pd.concat([_number(ships, column) for column in columns], axis=1).notna().all(axis=1)
    bare = ~known & ~own
    if bare.any():
        ids = ", ".join(map(str, out.index[bare][:5]))
        kinds = ", ".join(sorted(set(out.loc[bare, "type"])))
        raise GapError(
            [
                f"vessels: {int(bare.sum())} ships of type {kinds} have no loads in {table}, which knows "
                f"{', '.join(types)} (first: {ids}). Give their {', '.join(columns)}, "
                "or choose another method."
            ]
        )
