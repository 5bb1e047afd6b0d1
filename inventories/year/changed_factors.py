"""What single factors of a port's own change: each with its old value, source and the mass it touches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from emissions.mass import term_mass
from factors.overrides import Change
from factors.terms import ELECTRICITY, ROW_COLUMNS, FactorClasses

SHOWN = 4


def effects(changes: Sequence[Change], cells: pd.DataFrame, classes: FactorClasses) -> list[dict[str, Any]]:
    """Return of each change what it does to the year, in the form of the manifest.

    Parameters
    ----------
    changes : sequence of Change
    cells : pandas.DataFrame
        Those that are meant; of a year, those in its domain.
    classes : FactorClasses

    Returns
    -------
    list of dict
        What `Change` has, and ``mass_kg``: by pollutant, ``now`` in the terms that rest on the row and
        ``before``, the same with the old value; null where there was none. A row may stand in a term more
        than once, for example as a curve's twin. Empty where no term of the year rests on the row: it may
        still have been read where work was counted.
    """
    place = {row: number for number, row in enumerate(classes.factor_rows["row_id"])}
    pointers = classes.terms[list(ROW_COLUMNS)].to_numpy()
    told = []
    for change in changes:
        number = place.get(change.row_id, -1)
        times = (pointers == number).sum(axis=1) if number >= 0 else np.zeros(len(pointers), dtype=np.int64)
        touched = np.flatnonzero(times)
        mass = term_mass(cells, classes, touched)
        old = np.zeros(len(mass)) if change.old_value == 0 else mass / change.ratio ** times[touched]
        sums = pd.DataFrame({"now": mass, "before": old}).groupby(
            classes.terms["pollutant"].to_numpy()[touched]
        ).sum(min_count=1)  # fmt: skip
        by_pollutant = {
            str(name): {key: None if pd.isna(value) else float(value) for key, value in row.items()}
            for name, row in sums.to_dict("index").items()
        }
        told.append({**_row(change), "mass_kg": by_pollutant})
    return told


def _row(change: Change) -> dict[str, Any]:
    frame = pd.Series({name: getattr(change, name) for name in change.__dataclass_fields__})
    return dict(json.loads(frame.to_json()))


def sentence(entry: Mapping[str, Any]) -> str:
    """Say of one change of the manifest what it is and does.

    Examples
    --------
    >>> sentence({"need": "harbor_craft.zero_hour", "quantity": "NOx", "keys": "tier=Tier 2", "value": 6.0,
    ...           "unit": "g/kWh", "old_value": 5.0, "old_unit": "g/kWh", "source": "own test",
    ...           "mass_kg": {"NOx": {"now": 1200.0, "before": 1000.0}}})
    'Own factor: harbor_craft.zero_hour, NOx (tier=Tier 2) is 6 g/kWh, not 5 g/kWh (own test). NOx that rests on it: 1,200 kg, 1,000 kg before.'
    """  # noqa: E501
    was = f"not {entry['old_value']:g} {entry['old_unit']}" if entry["old_unit"] else "added"
    head = (
        f"Own factor: {entry['need']}, {entry['quantity']} ({entry['keys']}) is {entry['value']:g} "
        f"{entry['unit']}, {was} ({entry['source']})."
    )
    touched = list(entry["mass_kg"].items())
    if not touched:
        return f"{head} No term of the year rests on it."
    parts = [_effect(str(name), mass) for name, mass in touched[:SHOWN]]
    more = f"; and {len(touched) - SHOWN} more" if len(touched) > SHOWN else ""
    return f"{head} {'; '.join(parts)}{more}."


def _effect(name: str, mass: Mapping[str, Any]) -> str:
    before = "none before" if mass["before"] is None else f"{mass['before']:,.0f} kg before"
    told = f"{name} that rests on it: {mass['now']:,.0f} kg, {before}"
    return told.replace(" kg", " kWh") if name == ELECTRICITY else told
