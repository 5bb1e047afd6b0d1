"""Cargo handled: the denominators of a report."""

from inventories.activity.columns import Column, Table


def _count(name: str, description: str, unit: str = "") -> Column:
    return Column(name, "number", description, unit=unit, states_unit=bool(unit), minimum=0)


CARGO = Table(
    name="cargo",
    description="Cargo by terminal and period; what a report divides by.",
    key=("terminal", "period"),
    columns=(
        Column("terminal", description="terminal of port.toml", required=True, identifier=True, example="T1"),
        Column("period", "period", "year or month", required=True, example="2023-03"),
        _count("teu_loaded", "loaded containers", "TEU"),
        _count("teu_empty", "empty containers", "TEU"),
        _count("lifts", "container lifts"),
        Column("tonnes", "number", "cargo", unit="tonne", output="cargo_tonnes", states_unit=True, minimum=0),
        _count("autos", "vehicles"),
        _count("passengers", "passengers"),
        *(
            Column(
                f"share_{mode}", "number", f"share of containers that left by {words}", minimum=0, maximum=1
            )
            for mode, words in (
                ("truck", "truck"),
                ("on_dock", "on-dock rail"),
                ("near_dock", "near-dock rail"),
                ("off_dock", "off-dock rail"),
            )
        ),
    ),
)
