"""Shares to masses: what each option takes of a part, what that changes, and the inventory it is added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from inventories.scenarios.projection.off_site import HYDROGEN
from inventories.scenarios.projection.outlook import OUTPUT, Array

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
    from inventories.scenarios.projection.outlook import Levels
    from inventories.scenarios.projection.variants import Outputs, Variants


def fractions(variants: Variants, levels: Levels, present: frozenset[str] | None = None) -> list[Array]:
    """Return the fraction of each part that each option of each family takes.

    Returns
    -------
    list of ndarray, shape (n_options, n_years, n_parts)
        One a family.
    """
    group = variants.parts["group"].to_numpy()
    found = []
    for number, family in enumerate(variants.families):
        bits = variants.parts[f"touched_{number}"].to_numpy()
        taken = []
        for place, option in enumerate(family):
            fraction = levels[option.measure.title, option.label].changed[:, group]
            here = ((bits >> place) & 1 == 1) & (present is None or option.measure.title in present)
            taken.append(np.where(here[None, :], fraction, 0.0))
        found.append(np.stack(taken))
    return found


def unrecorded(variants: Variants) -> Array:
    """Return the making of the base year's hydrogen, which no inventory holds, shape (n_outputs,). [kg]"""
    made = np.array([source == HYDROGEN for source, _, _ in variants.outputs], dtype=bool)
    return np.asarray(variants.mass[0, :, 0, :].sum(axis=0) * made)


def change(variants: Variants, weights: Array, growth: Array) -> Array:
    """Return the change against the base year, shape (n_years, n_outputs). [kg; kWh of electricity]"""
    grown = weights * growth[:, variants.parts["group"].to_numpy()][:, :, None]
    mass = variants.mass
    if mass.shape[0] == 1:
        total = np.einsum("ypc,pco->ypo", grown, mass[0])
    else:
        total = np.einsum("ypc,ypco->ypo", np.broadcast_to(grown, (len(mass), *grown.shape[1:])), mass)
    # Taken off part by part: where nothing changes the difference is exactly zero.
    return np.asarray((total - mass[0, :, 0, :][None]).sum(axis=1))


def anchored(
    changes: list[tuple[Outputs, Array]], base: BaseYear, n_years: int
) -> tuple[pd.DataFrame, Array]:
    """Add the change of each year to the inventory's own total: outputs, and shape (n_years, n_outputs)."""
    own = base.anchor
    place = {name: number for number, name in enumerate(own)}
    for outputs, _ in changes:
        for name in outputs:
            place.setdefault(name, len(place))
    values = np.zeros((n_years, len(place)))
    for outputs, change in changes:
        where = [place[name] for name in outputs]
        # One source's outputs are each its own, so that adding by place loses none.
        values[:, where] += change
    anchor = np.zeros(len(place))
    anchor[: len(own)] = list(own.values())
    values += anchor
    # What is left of a mass taken off whole is rounding.
    values[np.abs(values) <= 1e-13 * anchor] = 0.0
    return pd.DataFrame(list(place), columns=list(OUTPUT)), values
