"""Hours of calls that no stop covers, and legs of shifts that take longer than the stops leave."""

from __future__ import annotations

from collections.abc import Callable

from inventories.port.port import Port
from inventories.year.inventory import Inventory

Harbor = Callable[..., Port]
Leg = Callable[..., dict[str, object]]


def stop(seq: int, begin: str, end: str) -> dict[str, object]:
    return {"call_id": "C1", "seq": seq, "kind": "berth", "terminal": "T", "from": begin, "to": end}


def test_a_shift_longer_than_its_gap_is_a_warning_with_file_and_row(harbor: Harbor, make_leg: Leg) -> None:
    """At berth 06:00 to 12:00 and 14:00 to 06:00, 22 h; 2 h between: a shift of 5 h is 3 h too long."""
    shift = {name: value for name, value in make_leg().items() if "speed" not in name}
    year = Inventory.build(
        harbor(
            stops=[
                stop(1, "2023-06-10 06:00", "2023-06-10 12:00"),
                stop(2, "2023-06-10 14:00", "2023-06-11 06:00"),
            ],
            legs=[shift | {"kind": "shift", "hours": 5.0}],
        ),
        year=2023,
    )
    (said,) = [note for note in year.manifest["notes"] if "shift legs" in note]
    assert said.startswith("WARNING: shift legs of 1 calls take 3.0 hours longer")
    assert "legs.csv row 2, call C1: 3.0 h" in said
    auxiliary = year.work[year.work["engine_group"].astype(str) == "auxiliary"]
    assert round(float(auxiliary["hours"].sum()), 6) == 22 + 5
