"""A comparison of scenarios as files: tables, NetCDF, manifest and page."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.scenarios.page import comparison_page
from reports.scenarios.tables import law_parts

if TYPE_CHECKING:
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.year.inventory import Inventory

PAGE = "comparison.html"


def write_comparison(comparison: Comparison, inventory: Inventory, place: Path) -> None:
    """Write a comparison into a folder, whole or not at all; other results that stand there are kept."""
    from inventories.year.storage import put_in_place

    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        for name, frame in comparison.tables().items():
            frame.to_csv(beside / f"{name}.csv", index=False, lineterminator="\n")
        comparison.dataset().to_netcdf(beside / "projection.nc", engine="h5netcdf")
        text = json.dumps(_manifest(comparison, inventory), indent=1, sort_keys=True, ensure_ascii=False)
        (beside / "manifest.json").write_text(text + "\n", encoding="utf-8")
        (beside / PAGE).write_text(comparison_page(comparison, inventory), encoding="utf-8", newline="\n")
        put_in_place(beside, place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _manifest(comparison: Comparison, inventory: Inventory) -> dict[str, Any]:
    from inventories.scenarios.answers.format import VERSION

    scenarios = {}
    for outlook in comparison.outlooks:
        scenario = outlook.scenario
        scenarios[scenario.name] = {
            "describes": scenario.describes,
            "last_year": outlook.years[-1],
            "measures": {
                m.title: {"kind": m.kind(), **m.model_dump(mode="json", by_alias=True, exclude={"name"})}
                for m in scenario.measures
            },
            "law": None
            if scenario.law is None
            else {"as_of": str(scenario.law.as_of)} | dict(law_parts(scenario)),
            "notes": list(outlook.notes),
            "warnings": list(outlook.warnings),
        }
    kept = ("port", "year", "method", "gwp_set", "versions", "domain")
    base = {key: inventory.manifest[key] for key in kept if key in inventory.manifest}
    return {"format": VERSION, "base": base, "baseline": comparison.baseline, "scenarios": scenarios}
