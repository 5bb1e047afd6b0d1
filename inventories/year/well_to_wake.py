"""Greenhouse gases from well to wake, beside those from tank to wake: by source category and fuel.

    tank to wake    what leaves stacks and tailpipes in the domain, in CO2e
    well to tank    making the fuel that was burnt and the electricity that was drawn, elsewhere
    well to wake    both, and the biogenic CO2 of ships' biofuels, whose well-to-tank value counts that
                    carbon as taken up

What was made elsewhere is never part of the port's own sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors import well_to_tank as making
from factors.brief import brief
from factors.library import classify, resolve
from factors.recipes.electricity import recipe as grid
from factors.recipes.ships.fuels import CARRIER
from factors.terms import ELECTRICITY, is_carrier
from factors.warming import GREENHOUSE_GASES, over_20_years, warming_potentials
from inventories.year.coverage import CO2E, joined, states_by

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

SHIPS = "ocean_going_vessels"
MADE_ELSEWHERE = ("electricity", "fuel_supply", "grid_losses")
"""Source categories that are themselves what happens elsewhere."""

BIOGENIC = "CO2_biogenic"

MADE_BY = "AR4"
"""What FuelEU Maritime sums the gases of making a fuel by, over a hundred years."""

MASSES = ("tank_to_wake", "tank_to_wake_20_years", "biogenic_co2", "well_to_tank", "well_to_wake")
KEYS = ("source_category", "fuel")
TOTAL = "total"


@dataclass(frozen=True)
class WellToWake:
    """CO2e of a year from well to wake.

    Attributes
    ----------
    values : pandas.DataFrame
        Index source category and fuel (of electricity at the meter: what for); ``fuel_burnt`` [tonne],
        ``electricity`` [kWh], and `MASSES` [tonne of CO2e], missing where not estimated.
    states : pandas.DataFrame
        ``value, partial, zero, NE`` of each of `MASSES`.
    makings : pandas.DataFrame
        A row a source's fuel: ``kg_co2e_per_kg, confidence, source, why_not``, as in `factors.well_to_tank`.
    gwp : dict of str to str
        Sets of warming potentials by column.
    notes : tuple of str
        What a reader must know of the numbers.
    """

    values: pd.DataFrame
    states: pd.DataFrame
    makings: pd.DataFrame
    gwp: dict[str, str]
    notes: tuple[str, ...]

    __repr__ = brief

    def by_source(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return values and states by source category, and their total over all of them.

        A sum that lacks the making of one of its fuels is partial, and no smaller than its parts.
        """
        keys = list(self.values.index.get_level_values("source_category").unique())
        values, states = {}, {}
        for key in [*keys, TOTAL]:
            part = self.values if key == TOTAL else self.values.loc[[key]]
            told = self.states if key == TOTAL else self.states.loc[[key]]
            state = {name: joined(set(told[name])) for name in MASSES}
            summed = part.sum(min_count=1)
            state["well_to_wake"] = _of_both(state["tank_to_wake"], state["well_to_tank"])
            summed["well_to_wake"] = summed[["tank_to_wake", "biogenic_co2", "well_to_tank"]].sum()
            values[key], states[key] = summed, state
        shown, said = pd.DataFrame(values).T, pd.DataFrame(states).T
        lacking = said.isin(["NE", "IE"]).reindex(columns=shown.columns, fill_value=False)
        return shown.mask(lacking.astype(bool)), said

    def not_estimated(self) -> list[str]:
        """Return in words which fuels have no well-to-tank value, with the reason."""
        lacking = self.makings[self.makings["kg_co2e_per_kg"].isna()]
        pairs = zip(lacking.index, lacking["why_not"], strict=True)
        return [f"{key[1]} of {key[0].replace('_', ' ')}: {why}" for key, why in pairs]

    def table(self) -> pd.DataFrame:
        """Return what staff open: a line for each source and fuel, units in the headings, NE as NE."""
        out = self.values.copy().astype(object)
        for name in MASSES:
            out[name] = out[name].mask(self.states[name].isin(["NE", "IE"]), self.states[name])
        headings = {name: f"{name} [tonne CO2e, {_horizon(gwp)}]" for name, gwp in self.gwp.items()}
        headings |= {"fuel_burnt": "fuel_burnt [tonne]", "electricity": "electricity [kWh]"}
        headings["biogenic_co2"] = "biogenic_co2 [tonne CO2]"
        lines = self.states.to_dict("records")
        marks = [", ".join(name for name in MASSES if line[name] == "partial") for line in lines]
        why = self.makings["why_not"].reindex(self.values.index).fillna("")
        return out.rename(columns=headings).assign(partial=marks, not_estimated=why).reset_index()


def well_to_wake(inventory: Inventory, gwp: str | None = None) -> WellToWake:
    """Return CO2e of the fuels burnt in the domain and of the electricity drawn: burnt, made, and both.

    Parameters
    ----------
    inventory : Inventory
    gwp : str, optional
        Warming potentials of what is burnt; the inventory's own where left out. What making a fuel emitted
        is printed as one sum over a hundred years, whatever is asked here.

    Returns
    -------
    WellToWake

    Examples
    --------
    >>> from inventories import Inventory, Port
    >>> from inventories.examples import copy_example
    >>> import tempfile, pathlib
    >>> folder = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
    >>> found = well_to_wake(Inventory.build(Port.load(folder), year=2024))
    >>> ships = found.values.loc[("ocean_going_vessels", "MGO/MDO")]
    >>> bool(ships["well_to_wake"] == ships["tank_to_wake"] + ships["well_to_tank"])
    True
    """
    chosen = gwp or inventory.gwp_set
    over_20 = over_20_years(chosen)
    lines, mass = _lines(inventory)
    states = _states(inventory, lines)
    unmetered = _unmetered(inventory, lines)
    makings = _makings(inventory, mass, unmetered)
    fuels = _fuels(mass)
    at_meter = mass.index.get_level_values("source_category") == ELECTRICITY
    values = pd.DataFrame(
        {
            "fuel_burnt": mass[fuels].sum(axis=1) / 1000,
            "electricity": mass.get(ELECTRICITY, 0.0),
            "tank_to_wake": _co2e(mass, chosen).mask(at_meter, 0.0),
            "tank_to_wake_20_years": _co2e(mass, over_20).mask(at_meter, 0.0),
            "biogenic_co2": mass[BIOGENIC] / 1000 if BIOGENIC in mass else 0.0,
            "well_to_tank": makings["made_kg"] / 1000,
        },
        index=mass.index,
    )
    values["well_to_wake"] = values[["tank_to_wake", "biogenic_co2", "well_to_tank"]].sum(axis=1)
    for name in ("tank_to_wake", "tank_to_wake_20_years"):
        states[name] = states[name].mask(at_meter, "zero")
    states["well_to_tank"] = makings["state"]
    both = zip(states["tank_to_wake"], states["well_to_tank"], strict=True)
    states["well_to_wake"] = ["NE" if "NE" in pair else joined(set(pair)) for pair in both]
    states = states[list(MASSES)]
    lacking = states.isin(["NE", "IE"]).reindex(columns=values.columns, fill_value=False)
    sets = {
        "tank_to_wake": chosen,
        "tank_to_wake_20_years": over_20,
        "well_to_tank": MADE_BY,
        "well_to_wake": f"{chosen} and {MADE_BY}" if chosen != MADE_BY else MADE_BY,
    }
    told = makings.loc[makings["why_not"].ne("") | makings["confidence"].ne(""), list(making.COLUMNS)]
    return WellToWake(values.mask(lacking.astype(bool)), states, told, sets, _notes(inventory, sets, told))


def _lines(inventory: Inventory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Source, fuel and class of what burns in the domain or is metered; masses by source and fuel. [kg]"""
    cells = inventory.cells
    number, distinct = classify(cells[["source_category", "fuel", "source_type", "in_domain", "class_id"]])
    inside = distinct["in_domain"].astype(bool)
    source = distinct["source_category"].astype(str)
    at_meter = source == ELECTRICITY
    fuel = distinct["fuel"].astype(str).mask(at_meter, distinct["source_type"].astype(str))
    # What machines, trucks and craft draw stands with them, and is no line of the meters.
    at_meter &= ~fuel.isin(grid.DRAWN.values())
    # What machines, trucks and craft draw stands with them, not once more with the meters.
    kept = (inside & ~source.isin(MADE_ELSEWHERE)) | (at_meter & ~fuel.isin(grid.DRAWN.values()))
    lines = pd.DataFrame({"source_category": source, "fuel": fuel, "class_id": distinct["class_id"]})
    summed = {
        str(name): np.bincount(number, weights=inventory.mass[name].fillna(0.0), minlength=len(distinct))
        for name in inventory.mass
        if is_carrier(str(name)) or name in (*GREENHOUSE_GASES, BIOGENIC)
    }
    mass = (
        pd.DataFrame(summed, index=distinct.index)[kept].groupby([lines[name][kept] for name in KEYS]).sum()
    )
    return lines[kept].drop_duplicates(), mass


def _co2e(mass: pd.DataFrame, gwp: str) -> pd.Series:
    """CO2e of each line. [tonne]"""
    parts = [mass[gas] * weight for gas, weight in warming_potentials(gwp).items() if gas in mass]
    return pd.Series(np.sum(parts, axis=0) / 1000 if parts else 0.0, index=mass.index)


def _fuels(mass: pd.DataFrame) -> list[str]:
    return [str(name) for name in mass if is_carrier(str(name)) and name != ELECTRICITY]


def _states(inventory: Inventory, lines: pd.DataFrame) -> pd.DataFrame:
    found = states_by(lines, inventory.classes, [CO2E, BIOGENIC])
    return pd.DataFrame(
        {
            "tank_to_wake": found[CO2E],
            "tank_to_wake_20_years": found[CO2E],
            # Where a method states nothing of it, nothing renewable is burnt.
            "biogenic_co2": found[BIOGENIC].mask(found[BIOGENIC] == "NE", "zero"),
        }
    )


def _unmetered(inventory: Inventory, lines: pd.DataFrame) -> set[tuple[str, str]]:
    """Lines with work that draws electricity which nobody metered."""
    stated = inventory.classes.coverage
    groups = stated[(stated["pollutant"] == ELECTRICITY) & (stated["state"] == "NE")]
    known = set(zip(groups["source_category"], groups["coverage_group"], strict=True))
    classes = inventory.classes.classes.loc[lines["class_id"], ["source_category", "coverage_group"]]
    met = [pair in known for pair in classes.itertuples(index=False, name=None)]
    return set(lines.loc[met, list(KEYS)].itertuples(index=False, name=None))


# ------------------------------------------------------------------ made elsewhere


def _makings(inventory: Inventory, mass: pd.DataFrame, unmetered: set[tuple[str, str]]) -> pd.DataFrame:
    """What making each line's fuel and electricity emitted, and what is known of the value. [kg CO2e]"""
    burnt = mass[_fuels(mass)]
    drawn = mass[ELECTRICITY] if ELECTRICITY in mass else pd.Series(0.0, index=mass.index)
    grid_rate = _grid(inventory)
    by_use = {} if np.isnan(grid_rate[0]) else _rates_by_use(inventory)
    ships = making.of_ships([fuel for fuel, name in CARRIER.items() if name in burnt], inventory.method)
    ships = ships.set_axis(ships.index.map(CARRIER), axis="index")
    land = making.of_land([str(name) for name in burnt])
    lines = []
    for key, line in zip(mass.index, burnt.to_dict("records"), strict=True):
        met = pd.Series({str(name): kg for name, kg in line.items() if kg > 0}, dtype=float)
        told = (ships if key[0] == SHIPS else land).loc[met.index]
        use = key[1] if key[0] == ELECTRICITY else grid.DRAWN.get(key[0], "")
        rate = (by_use.get(use, grid_rate[0]), grid_rate[1])
        lines.append(_line(met, told, float(drawn.loc[key]), rate, key in unmetered))
    return pd.DataFrame(lines, index=mass.index)


def _line(
    burnt: pd.Series, told: pd.DataFrame, kwh: float, grid_rate: tuple[float, bool], unmetered: bool
) -> dict[str, object]:
    rate, lacks_gases = grid_rate
    why = [text for text in told["why_not"] if text]
    if not len(burnt) and not kwh:
        why = ["what it drew is not metered" if unmetered else "how much was burnt is not estimated"]
    if kwh and np.isnan(rate):
        why.append("the region of its grid, or the carbon dioxide of that, is not known")
    value = float((burnt * told["kg_co2e_per_kg"]).sum()) + (kwh * rate if kwh else 0.0)
    firm = [name for name in ("unverified", "derived", "read") if name in set(told["confidence"])]
    return {
        "made_kg": np.nan if why else value,
        "state": "NE" if why else "partial" if kwh and (lacks_gases or unmetered) else "value",
        "kg_co2e_per_kg": value / burnt.sum() if len(burnt) and not kwh and not why else np.nan,
        "confidence": firm[0] if firm and not why else "",
        "source": "; ".join(dict.fromkeys(filter(None, told["source"]))),
        "why_not": "; ".join(dict.fromkeys(why)),
    }


def _rates_by_use(inventory: Inventory) -> dict[str, float]:
    """CO2e of a kilowatt-hour by use, as the lines of electricity have it (by their hours, if so)."""
    cells = inventory.cells
    mine = (cells["source_category"] == ELECTRICITY).to_numpy(dtype=bool)
    mass = inventory.mass[mine]
    kilograms = mass[grid.LIFE_CYCLE] if grid.LIFE_CYCLE in mass else _co2e(mass, inventory.gwp_set) * 1000
    use = cells.loc[mine, "source_type"].astype(str)
    summed = pd.DataFrame({"kg": kilograms, "kwh": cells.loc[mine, "quantity"]}).groupby(use).sum()
    summed = summed[summed["kwh"] > 0]
    return dict(zip(summed.index.astype(str), summed["kg"] / summed["kwh"], strict=True))


def _grid(inventory: Inventory) -> tuple[float, bool]:
    """CO2e of a kilowatt-hour at the meter by the method's own grid, and whether a gas of it is missing."""
    method = inventory.method
    region = str(method.option("grid_region")) if grid.SOURCE in method.sources else ""
    if not region:
        return np.nan, True
    keys = pd.DataFrame({"use": ["shore_power"], "grid_region": [region]})
    _, classes = resolve(grid.SOURCE, keys, method)
    factors = classes.factors("kg").iloc[0]
    if grid.LIFE_CYCLE in factors:
        return float(factors[grid.LIFE_CYCLE]), False
    potentials = warming_potentials(inventory.gwp_set)
    known = [gas for gas in GREENHOUSE_GASES if gas in factors]
    if "CO2" not in known:
        return np.nan, True
    return float(sum(factors[gas] * potentials[gas] for gas in known)), len(known) < len(GREENHOUSE_GASES)


def _of_both(burnt: str, made: str) -> str:
    """State of a sum of what was burnt and what was made: partial where one of them is lacking."""
    if burnt in ("NE", "IE") and made in ("NE", "IE"):
        return "NE"
    return joined({burnt, made})


def _notes(inventory: Inventory, sets: dict[str, str], told: pd.DataFrame) -> tuple[str, ...]:
    said = [
        f"Tank to wake by the warming potentials of {_horizon(sets['tank_to_wake'])}; beside it by "
        f"{_horizon(sets['tank_to_wake_20_years'])}, where methane weighs more.",
        "Making a fuel is printed as one sum over 100 years (FuelEU Maritime: by AR4; the look-up table of "
        "California's fuel standard: not read by which), so well to wake is given over 100 years alone.",
    ]
    for firm, part in told[told["confidence"] != ""].groupby("confidence", sort=False):
        documents = "; ".join(dict.fromkeys(part["source"]))
        fuels = ", ".join(dict.fromkeys(str(fuel) for _, fuel in part.index))
        said.append(f"Well to tank of {fuels}: {firm} ({documents}).")
    if any("LCFS" in text for text in told["source"]):
        said.append(
            "Of land fuels it is the whole life of the fuel less the carbon dioxide burnt; methane and "
            "nitrous oxide of the vehicle are in the printed sum and are not taken off."
        )
    if grid.SOURCE in inventory.method.sources and inventory.method.option("grid_region"):
        kind, region = (inventory.method.option(f"grid_{part}") for part in ("kind", "region"))
        said.append(f"Electricity by the {kind.replace('_', ' ')} rates of {region}.")
    said.append(
        "Biogenic CO2 is in neither CO2 nor tank to wake. Well to wake takes it in, because the well-to-tank "
        "value of a biofuel counts the same carbon as taken up."
    )
    return tuple(said)


def _horizon(gwp: str) -> str:
    """Name sets with their horizons: ``AR4@20`` is AR4 over 20 years."""
    parts = [part.partition("@") for part in gwp.split(" and ")]
    return " and ".join(f"{name} over {years or '100'} years" for name, _, years in parts)
