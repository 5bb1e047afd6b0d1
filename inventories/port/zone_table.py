"""Zones of a port as a plain table: what they say of themselves, without their shapes."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from inventories.port.flags import read_flag
from inventories.port.port import Port
from inventories.port.waters import waters_of


def zone_table(port: Port) -> pd.DataFrame:
    """Return what the zones of a port say of themselves, without their shapes.

    Returns
    -------
    pandas.DataFrame
        ``zone, kind, mode, in_domain, jurisdiction, speed_limit_kn, areas`` (control areas, joined by ``|``),
        and ``segment`` where a zone of roads says which it is. Empty for a port that draws none.
    """
    columns = ["zone", "kind", "mode", "in_domain", "jurisdiction", "speed_limit_kn", "areas"]
    if not (port.folder / port.geography.zones).is_file():
        return pd.DataFrame(columns=columns).astype({"in_domain": bool, "speed_limit_kn": float})
    content = json.loads((port.folder / port.geography.zones).read_text(encoding="utf-8"))
    zones = pd.DataFrame([feature["properties"] for feature in content["features"]])
    if not len(zones):  # the template of `caap init`, where nobody has drawn yet
        return pd.DataFrame(columns=columns).astype({"in_domain": bool, "speed_limit_kn": float})
    within = [read_flag(feature["properties"].get("in_domain", True)) for feature in content["features"]]
    for column, blank in (("kind", ""), ("mode", ""), ("jurisdiction", "")):
        zones[column] = zones[column].fillna(blank) if column in zones else blank
    if "speed_limit_kn" not in zones:
        zones["speed_limit_kn"] = np.nan
    waters = waters_of(port)
    zones["areas"] = [waters.joined(zone) for zone in zones["zone"].astype("str")]
    columns += ["segment"] if "segment" in zones else []
    return zones.assign(in_domain=within)[columns]
