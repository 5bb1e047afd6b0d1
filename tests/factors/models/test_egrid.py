"""EPA's own eGRID workbook as a port's table: by the names of its columns, or refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from emissions import electricity
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import load_method
from factors.own_tables import with_user_tables
from factors.units import conversion
from factors.user_tables import UserTableError

FIELDS = {  # names and descriptions of sheet SRL23, in another order than EPA's: only names count
    "SUBRGN": "eGRID subregion acronym",
    "SRNGENNB": "eGRID subregion annual nonbaseload generation (MWh)",
    "SRCO2RTA": "eGRID subregion annual CO2 total output emission rate (lb/MWh)",
    "YEAR": "Data Year",
    "SRCH4RTA": "eGRID subregion annual CH4 total output emission rate (lb/MWh)",
    "SRN2ORTA": "eGRID subregion annual N2O total output emission rate (lb/MWh)",
    "SRNOXRTA": "eGRID subregion annual NOx total output emission rate (lb/MWh)",
    "SRNOXRTO": "eGRID subregion ozone season NOx total output emission rate (lb/MWh)",
    "SRSO2RTA": "eGRID subregion annual SO2 total output emission rate (lb/MWh)",
}
HERE = {"SUBRGN": "CAMX", "YEAR": 2023, "SRNGENNB": 7, "SRCO2RTA": 500.0, "SRCH4RTA": 0.03, "SRN2ORTA": 0.004,
        "SRNOXRTA": 0.4, "SRNOXRTO": 9.0, "SRSO2RTA": 0.02}  # fmt: skip
MWH = pd.DataFrame({"use": ["cranes"], "quantity": [1000.0], "month": [1]})
POUND = conversion("lb", "kg")


def workbook(
    path: Path,
    fields: dict[str, str] | None = None,
    row: dict[str, object] | None = None,
    sheet: str = "SRL23",
    loss: float | None = 0.041,
) -> Path:
    """Write an invented workbook in EPA's form."""
    fields, row = FIELDS if fields is None else fields, HERE if row is None else row
    frame = pd.DataFrame([list(fields.values()), list(fields), [row.get(name) for name in fields]])
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame([["Contents"]]).to_excel(book, sheet_name="Contents", header=False, index=False)
        frame.to_excel(book, sheet_name=sheet, header=False, index=False)
        if loss is not None:
            losses = pd.DataFrame(
                [["Data Year", "Region", "Loss"], ["YEAR", "REGION", "GGRSLOSS"], [2023, "Western ", loss]]
            )
            losses.to_excel(book, sheet_name=sheet.replace("SRL", "GGL"), header=False, index=False)
    return path


def test_rates_and_loss_of_a_workbook_are_taken_by_the_names_of_its_columns(tmp_path: Path) -> None:
    """500 lb CO2 and 0.4 lb NOx of a megawatt-hour; 4.1 % of the Western interconnection is lost."""
    method = load_method("epa-2022").with_options(
        grid_region="CAMX", grid_year="2023", grid_loss_region="own"
    )
    method = with_user_tables(method, {"electricity.egrid": workbook(tmp_path / "egrid2023_data_rev2.xlsx")})
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    mass = row_mass(rows, class_id, classes).iloc[0]
    assert mass["CO2"] == pytest.approx(500 * POUND)
    assert mass["NOx"] == pytest.approx(0.4 * POUND)
    assert mass["CH4"] == pytest.approx(0.03 * POUND)
    told = classes.terms.query("pollutant == 'CO2'")
    assert len(told) == 1
    lost = row_mass(rows, *resolve("grid_losses", rows, method)).iloc[0]
    assert lost["CO2"] == pytest.approx(500 * POUND * 0.041 / 0.959)


def test_the_metric_workbook_is_read_in_its_own_unit(tmp_path: Path) -> None:
    fields = {name: text.replace("(lb/MWh)", "(kg/MWh)") for name, text in FIELDS.items()}
    method = load_method("epa-2022").with_options(grid_region="CAMX", grid_year="2023")
    method = with_user_tables(method, {"electricity.egrid": workbook(tmp_path / "metric.xlsx", fields)})
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    assert row_mass(rows, class_id, classes).iloc[0]["CO2"] == pytest.approx(500)


def test_years_that_the_workbook_does_not_have_stay_those_of_the_edition(tmp_path: Path) -> None:
    method = load_method("epa-2022").with_options(grid_region="CAMX", grid_year="2022")
    method = with_user_tables(method, {"electricity.egrid": workbook(tmp_path / "egrid.xlsx")})
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    assert row_mass(rows, class_id, classes).iloc[0]["CO2"] == pytest.approx(497.443 * POUND)


def without(name: str) -> dict[str, str]:
    return {field: text for field, text in FIELDS.items() if field != name}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fields": without("SRCH4RTA")}, "sheet SRL23: there is no column SRCH4RTA"),
        ({"fields": without("SUBRGN")}, "sheet SRL23: no row of field names with SUBRGN"),
        (
            {"fields": FIELDS | {"SRCO2RTA": "a rate"}},
            r"column SRCO2RTA: .*does not say its unit.*\"a rate\"",
        ),
        ({"row": HERE | {"YEAR": 2022}}, r"column YEAR: \[2022\]; the name of the sheet says 2023"),
        ({"row": HERE | {"SRNOXRTA": "n/a"}}, "sheet SRL23, row 3, column SRNOXRTA: nan is no rate"),
        (
            {"sheet": "PLNT23"},
            "not EPA's eGRID data workbook.*such as SRL23; its sheets are Contents, PLNT23",
        ),
        ({"sheet": "Table 1"}, "looks like EPA's summary tables"),
        ({"loss": 4.1}, "column GGRSLOSS: Western 4.1; a share from 0 to 1"),
    ],
)
def test_another_workbook_is_refused_with_what_is_missing(tmp_path: Path, changes, message) -> None:
    path = workbook(tmp_path / "book.xlsx", **changes)
    with pytest.raises(UserTableError, match=message):
        with_user_tables(load_method("epa-2022"), {"electricity.egrid": path})


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_text("region,year", encoding="utf-8")
    with pytest.raises(UserTableError, match="is no workbook that can be read"):
        with_user_tables(load_method("epa-2022"), {"electricity.egrid": tmp_path / "book.xlsx"})
    with pytest.raises(UserTableError, match="there is no such file"):
        with_user_tables(load_method("epa-2022"), {"electricity.egrid": tmp_path / "none.xlsx"})
