"""The shipped editions: every row can defend itself, and some numbers are the ones in the documents."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import factors
from factors import units

FOLDER = Path(factors.__file__).parent / "editions"
EDITIONS = sorted(path.parent.name for path in FOLDER.glob("*/edition.toml"))
SUFFIXES = {"exact": ("",), "gt_le": ("_gt", "_le"), "ge_lt": ("_ge", "_lt"), "from": ("_from",)}
VALUE_COLUMNS = [
    "quantity", "value", "unit", "source_document", "table", "source_address", "confidence", "note",
]  # fmt: skip


@cache
def declared(edition: str) -> dict:
    return tomllib.loads((FOLDER / edition / "edition.toml").read_text(encoding="utf-8"))


TABLES = [(edition, table) for edition in EDITIONS for table in declared(edition)["tables"]]


@cache
def frame(edition: str, table: str) -> pd.DataFrame:
    file = FOLDER / edition / declared(edition)["tables"][table]["file"]
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def key_columns(edition: str, table: str) -> list[str]:
    spec = declared(edition)["tables"][table]
    columns = [key + suffix for key, kind in spec["keys"].items() for suffix in SUFFIXES[kind]]
    return columns + list(spec.get("member", []))


def value(edition: str, table: str, quantity: str, **keys: str) -> str:
    rows = frame(edition, table)
    for column, wanted in (keys | {"quantity": quantity}).items():
        rows = rows[rows[column] == wanted]
    assert len(rows) == 1, rows
    return str(rows["value"].iloc[0])


def test_all_editions_of_the_first_inventory_are_here():
    assert set(EDITIONS) >= {
        "control-areas", "emfac2017", "epa-ogv-2022", "fuels", "grid", "gwp", "imo-ghg4", "imo-ghg4-2026-11",
        "moves-trucks", "moves4-fleet", "moves5-nonroad", "spbp-unverified", "starcrest-ghg3",
    }  # fmt: skip


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_says_what_it_is(edition):
    content = declared(edition)
    assert content["name"] == edition
    for field in ("title", "publisher", "published", "address"):
        assert str(content[field]).strip(), field
    readme = (FOLDER / edition / "README.md").read_text(encoding="utf-8")
    # What comes from memory has no source to name, and says that instead.
    headings = (
        ("Left out", "memory")
        if "unverified" in edition
        else ("Whence", "Licence", "How extracted", "Left out")
    )
    for heading in headings:
        assert heading in readme.replace("Memory", "memory"), f"{edition}: README says nothing of {heading}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_file_of_an_edition_is_declared(edition):
    content = declared(edition)
    files = {entry["file"] for kind in ("tables", "mappings") for entry in content.get(kind, {}).values()}
    assert files == {path.name for path in (FOLDER / edition).glob("*.csv")}


@pytest.mark.parametrize(("edition", "table"), TABLES)
def test_a_table_has_its_keys_and_every_row_its_source(edition, table):
    rows = frame(edition, table)
    assert list(rows.columns) == key_columns(edition, table) + VALUE_COLUMNS
    assert len(rows)
    for column in VALUE_COLUMNS[:-1]:
        assert (rows[column].str.strip() != "").all(), f"blank {column}"
    assert set(rows["confidence"]) <= {"read", "derived", "unverified"}
    assert pd.to_numeric(rows["value"]).notna().all()


@pytest.mark.parametrize(("edition", "table"), TABLES)
def test_no_key_stands_twice(edition, table):
    rows = frame(edition, table)
    assert not rows.duplicated([*key_columns(edition, table), "quantity"]).any()


@pytest.mark.parametrize(("edition", "table"), TABLES)
def test_every_unit_is_in_the_vocabulary(edition, table):
    for spelling in frame(edition, table)["unit"].unique():
        assert spelling in units.vocabulary(), spelling
        units.parse_unit(spelling)


@pytest.mark.parametrize(
    ("edition", "table"), [(e, t) for e, t in TABLES if declared(e)["tables"][t].get("mixture")]
)
def test_the_parts_of_a_mixture_make_one(edition, table):
    """MOVES prints three decimals, so a sum of many parts may miss one by 0.001."""
    rows = frame(edition, table)
    spec = declared(edition)["tables"][table]
    keys = [column for column in key_columns(edition, table) if column not in spec["member"]]
    sums = rows.assign(value=rows["value"].astype(float)).groupby(keys)["value"].sum()
    assert (sums - 1).abs().max() <= 0.0011


def test_rows_with_no_verified_source_are_marked():
    assert set(frame("spbp-unverified", "mgo")["confidence"]) == {"unverified"}
    ratios = frame("epa-ogv-2022", "ratios")
    assert set(ratios.loc[ratios["quantity"] == "BC_over_PM2.5", "confidence"]) == {"unverified"}


MAIN = {"engine_group": "propulsion", "engine_type": "SSD", "fuel": "MGO/MDO"}
AUXILIARY = {"engine_group": "auxiliary", "engine_type": "MSD", "fuel": "MGO/MDO"}


@pytest.mark.parametrize(
    ("printed", "where"),
    [
        ("14.4", ("nox", "NOx", MAIN | {"tier": "Tier 2"})),
        ("13.8", ("nox", "NOx", AUXILIARY | {"tier": "Tier 0"})),
        ("185", ("bsfc", "BSFC", MAIN)),
        ("3.206", ("carbon", "CO2_per_fuel", dict(fuel="MGO/MDO"))),
        ("0.1545", ("sulfur", "PM10_base", dict(fuel="MGO/MDO"))),
        ("9.54", ("llaf_table", "SO2", dict(source_set="EPA_Table3.10_read", load_pct="2"))),
    ],
)  # fmt: skip
def test_numbers_of_the_epa_guidance(printed, where):
    """EPA-420-B-22-011, Tables 3.5, 3.6 and 3.10, and the equations of EPA's code."""
    table, quantity, keys = where
    assert value("epa-ogv-2022", table, quantity, **keys) == printed


def test_drayage_idle_is_per_vehicle_and_day():
    """EMFAC2017, T7 POLA: 36.7 g NOx per vehicle and day for model years of the 2010 standard."""
    idle = frame("emfac2017", "idle")
    assert set(idle["unit"]) == {"g/vehicle/day"}
    printed = value("emfac2017", "idle", "NOx", emfac_category="T7 POLA", season="summer", model_year="2017")
    assert float(printed) == pytest.approx(36.7, abs=0.05)


def test_running_rates_weighted_by_travel_give_the_mean_rates():
    """By another road: EMFAC's aggregate rate is its by-speed rate weighted by its own travel."""
    keys = ["emfac_category", "season", "model_year", "fuel"]
    running = frame("emfac2017", "running").merge(
        frame("emfac2017", "activity_by_speed")[[*keys, "speed_bin_mph", "value"]],
        on=[*keys, "speed_bin_mph"], suffixes=("", "_vmt"), validate="m:1",
    )  # fmt: skip
    running = running.assign(vmt=running["value_vmt"].astype(float))
    running = running.assign(mass=running["value"].astype(float) * running["vmt"])
    sums = running.groupby([*keys, "quantity"])[["mass", "vmt"]].sum()
    mean = frame("emfac2017", "running_mean").set_index([*keys, "quantity"])["value"].astype(float)
    by_speed = sums["mass"] / sums["vmt"]
    assert set(by_speed.index) <= set(mean.index)
    assert by_speed.to_numpy() == pytest.approx(mean.reindex(by_speed.index).to_numpy(), rel=1e-12)


def test_bins_of_one_quantity_do_not_overlap():
    rows = frame("moves5-nonroad", "emission_factors")
    bins = rows.assign(gt=rows["hp_gt"].astype(float), le=rows["hp_le"].astype(float))
    bins = bins.sort_values(["scc", "tech_type", "quantity", "gt"])
    same = bins.groupby(["scc", "tech_type", "quantity"])
    assert not (same["gt"].shift(-1) < bins["le"]).any()


def test_a_keel_of_2017_is_tier_3_off_north_america_and_not_in_the_baltic():
    tiers = frame("control-areas", "nox_tiers")
    baltic = tiers[(tiers["area"] == "baltic") & (tiers["keel_date_from"].astype(int) <= 20170601)]
    america = tiers[(tiers["area"] == "north_america") & (tiers["keel_date_from"].astype(int) <= 20170601)]
    assert baltic.empty
    assert america["value"].tolist() == ["3"]


def test_sets_of_global_warming_potentials():
    assert value("gwp", "gwp", "CH4", gwp_set="AR5", horizon="100") == "28.0"
    assert value("gwp", "gwp", "N2O", gwp_set="AR4", horizon="100") == "298.0"


def test_every_shipped_table_opens_with_the_reader():
    from factors.sources import list_editions, load_edition
    from factors.tables import load_table

    assert list_editions() == EDITIONS
    for edition in EDITIONS:
        for table in load_edition(edition).tables:
            assert len(load_table(edition, table).frame) == len(frame(edition, table))


def test_a_corrected_edition_stands_beside_the_one_that_was_released():
    """SAVE v2025.03.1, Table 2, lines 172 and 182 to 184: slips of the transcription."""
    loads = {
        name: frame(name, "aux_boiler_loads")
        for name in ("imo-ghg4", "imo-ghg4-2026-11")
    }  # fmt: skip
    ferry = dict(engine_group="auxiliary", ship_type="ferry-ropax", size_ge="10000", mode="transit")
    assert value("imo-ghg4", "aux_boiler_loads", "load", **ferry) == "1000"
    assert value("imo-ghg4-2026-11", "aux_boiler_loads", "load", **ferry) == "1100"
    edges = {
        name: set(zip(rows["size_ge"], rows["size_unit"], strict=True))
        for name, rows in ((name, rows[rows["ship_type"] == "vehicle"]) for name, rows in loads.items())
    }
    assert {edge for edge, _ in edges["imo-ghg4"]} == {"0", "10000", "20000"}
    assert edges["imo-ghg4-2026-11"] == {("0", "GT"), ("30000", "GT"), ("50000", "GT")}
    carrier = dict(engine_group="auxiliary", ship_type="vehicle", size_ge="0", mode="hotelling")
    assert value("imo-ghg4-2026-11", "aux_boiler_loads", "load", **carrier) == "800"


def test_slip_of_lean_burn_engines_and_turbines_is_read_now():
    """SAVE v2025.03.1, Table 14, lines 700, 703 and 706."""
    for engine, printed in (
        ("LBSI", "4.1"),
        ("LNG gas turbine", "0.06"),
        ("LNG steam turbine/boiler", "0.04"),
    ):
        slip = frame("imo-ghg4-2026-11", "slip")
        row = slip[(slip["engine_type"] == engine) & (slip["source_set"] == "IMO_GHG4")]
        assert row["value"].tolist() == [printed]
        assert row["confidence"].tolist() == ["read"]
    third = frame("imo-ghg4-2026-11", "slip").query("source_set == 'IMO_GHG3'")
    assert third["confidence"].tolist() == ["unverified"]
