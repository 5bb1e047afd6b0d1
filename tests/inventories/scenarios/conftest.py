"""A base year written by hand: a few rows of work, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emissions.mass import cell_components, cell_sums
from factors.library import recipe_for
from factors.method import Method, load_method
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.base_year.base import KEPT, STATE, BaseYear, _number_groups
from inventories.scenarios.projection.outlook import OUTPUT
from inventories.scenarios.projection.variants import work_out

Record = Mapping[str, Any]
YEAR = 2023

SHIP: Record = {
    "source_type": "container",
    "engine_group": "auxiliary",
    "process_set": "engine",
    "key_engine_type": "MSD",
    "key_tier": "Tier 2",
    "key_fuel": "MGO/MDO",
    "key_sulfur_pct": 0.1,
    "key_area_sulfur_pct": 0.1,
}
TRUCK: Record = {
    "source_type": "drayage_truck",
    "engine_group": "truck",
    "mode_or_segment": "regional",
    "process_set": "running",
    "key_emfac_category": "T7 other port",
    "key_fuel": "diesel",
    "key_technology": "",
    "key_season": "summer",
    "key_model_year": 2014,
    "key_calendar_year": 2020,
    "key_speed_bin_mph": 40,
}
MACHINE: Record = {
    "source_type": "yard_tractor",
    "engine_group": "equipment",
    "mode_or_segment": "on_terminal",
    "process_set": "energy",
    "load_factor": 0.59,
    "life_used": 0.5,
    "model_year": 2015.0,
    "key_technology": "combustion",
    "key_scc": 2270003070,
    "key_power_bin": "175-300 hp",
    "key_model_year": 2015,
    "key_tier": "",
    "key_fuel": "diesel",
    "key_sulfur_wt_pct": np.nan,
    "key_certification": "",
    "key_device": "",
}
CRAFT: Record = {
    "source_type": "tug",
    "engine_group": "propulsion",
    "mode_or_segment": "working",
    "process_set": "energy",
    "load_factor": 0.5,
    "life_used": 0.5,
    "key_technology": "combustion",
    "key_category": "C1",
    "key_tier": "Tier 1",
    "key_role": "",
    "key_model_year": 0,
    "key_power_bin": "750-1200 hp",
    "key_fuel": "diesel",
}
LOCOMOTIVE: Record = {
    "source_type": "line_haul",
    "engine_group": "locomotive",
    "mode_or_segment": "line_haul",
    "process_set": "fuel",
    "key_kind": "line_haul",
    "key_tier": "Tier 1",
    "key_service": "large_line_haul",
    "key_form": "fuel",
    "key_fuel": "diesel",
    "key_gal_per_gtm": np.nan,
}
TEMPLATES = {
    "ocean_going_vessels": SHIP,
    "heavy_duty_vehicles": TRUCK,
    "cargo_handling_equipment": MACHINE,
    "harbor_craft": CRAFT,
    "locomotives": LOCOMOTIVE,
    "electricity": {"source_type": "shore_power", "process_set": "grid", "in_domain": False,
                    "key_use": "shore_power", "key_grid_region": ""},
}  # fmt: skip
STAYS = (
    "record_id", "terminal", "stay_hours", "mode_or_segment", "source_type", "port", "is_at_plugged_berth",
    "captured_auxiliary", "captured_boiler", "has_steam_pumps", "connected_kwh", "model_year",
)  # fmt: skip


def base_year(
    rows: Mapping[str, Sequence[Record]], stays: Sequence[Record] = (), *, method: Method | None = None
) -> BaseYear:
    """Write a base year: rows by source, each a change of a template with ``quantity`` in canonical units."""
    method = method or load_method("epa-2022")
    frames = {source: _frame(source, records, method) for source, records in rows.items()}
    groups = _number_groups(frames)
    usual = {"record_id": "C", "terminal": "T", "port": "P", "source_type": "container",
             "mode_or_segment": "hotelling", "connected_kwh": 0.0}  # fmt: skip
    stayed = pd.DataFrame([{**usual, **stay} for stay in stays], columns=list(STAYS))
    empty = pd.DataFrame(columns=["source_category", "in_domain"]).set_index(["source_category", "in_domain"])
    base = BaseYear(YEAR, method, frames, groups, stayed, empty)
    totals = []
    for source in base.sources:
        found = work_out(base, source, [], None, np.array([YEAR]))
        totals.append(
            pd.DataFrame(found.outputs, columns=list(OUTPUT)).assign(kg=found.mass[0, :, 0, :].sum(axis=0))
        )
    table = pd.concat(totals).pivot_table(
        index=["source_category", "in_domain"], columns="pollutant", values="kg", fill_value=0.0
    )
    return replace(base, totals=table.rename_axis(columns=None))


def _frame(source: str, records: Sequence[Record], method: Method) -> pd.DataFrame:
    recipe = recipe_for(source, method)
    defaults = {f"key_{name}": value for name, value in getattr(recipe, "DEFAULTS", {}).items()}
    blank = dict.fromkeys(KEPT, "") | dict.fromkeys(STATE, np.nan) | {"quantity": 0.0, "hours": 0.0}
    blank |= {"source_category": source, "port": "P", "in_domain": True, "zone": "Z", "terminal": "T"}
    known = [f"key_{name}" for name in recipe.KEYS]
    out = []
    for record in records:
        row = {**blank, **defaults, **TEMPLATES[source], **record}
        for name in ("engine_group", "process_set"):
            row.setdefault(f"key_{name}", row[name])
        out.append({name: value for name, value in row.items() if name in known or name[:4] != "key_"})
    return pd.DataFrame(out)


@pytest.fixture
def write_base() -> Callable[..., BaseYear]:
    """Write a base year by hand: `base_year`."""
    return base_year


def masses_of(base: BaseYear, source: str, rows: pd.DataFrame) -> pd.Series:
    """Return the masses of work rows by pollutant and process. [kg; kWh of electricity]"""
    keys = {f"key_{name}": name for name in recipe_for(source, base.method).KEYS}
    named = rows.drop(columns=[name for name in keys.values() if name in rows]).rename(columns=keys)
    class_id, classes = base.resolve(source, named[list(keys.values())])
    _, cells = cell_sums(named.assign(port_share=1.0), class_id, classes, [])
    parts = cell_components(cells, classes).sum(axis=0)
    return classes.components.assign(kg=parts).groupby(["pollutant", "process"])["kg"].sum()


@pytest.fixture
def masses() -> Callable[..., pd.Series]:
    """Masses of work rows by pollutant and process: `masses_of`."""
    return masses_of


@pytest.fixture
def project_by_hand() -> Callable[..., Any]:
    """Project a base year by measures: the masses of a year in and out of the domain."""

    def projected(base: BaseYear, measures: Sequence[Record], year: int = 2030) -> pd.DataFrame:
        scenario = Scenario.from_dict({"name": "test", "horizon": year, "measures": list(measures)})
        outlook = Projector(base, "AR5").project(scenario)
        mine = outlook.mass[outlook.mass["year"] == year]
        return mine.groupby(["source_category", "pollutant"])["mass_kg"].sum().unstack(fill_value=0.0)

    return projected
