"""Where a port lies, as a year keeps it: what decides, long after its records were read, whose rules bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventories.port.waters import waters_of
from inventories.port.zone_table import zone_table

if TYPE_CHECKING:
    from inventories.port.port import Port


def whereabouts(port: Port) -> dict[str, Any]:
    """Return the place of a port, with the control areas of its waters.

    Parameters
    ----------
    port : Port

    Returns
    -------
    dict
        ``country``, ``state`` (codes, or blank), ``position`` (longitude and latitude, or None),
        ``districts`` and ``control_areas`` (lists of names; of the zones in the domain).
    """
    zones = zone_table(port)
    inside = zones.loc[zones["in_domain"].to_numpy(dtype=bool), "areas"].dropna()
    met = {*(waters_of(port).here or ()), *(name for text in inside for name in str(text).split("|"))}
    position = port.place.position
    return {
        "country": port.place.country,
        "state": port.place.state,
        "position": None if position is None else list(position),
        "districts": list(port.place.districts),
        "control_areas": sorted(met - {""}),
    }
