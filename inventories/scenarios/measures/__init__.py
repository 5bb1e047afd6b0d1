"""Measures: each a small declared object that moves quantity between factor classes or changes quantity.

None scales a mass. A new measure is one module here and one line in `KINDS`.
"""

from __future__ import annotations

from inventories.scenarios.measures.arrival import Arrival
from inventories.scenarios.measures.congestion import Congestion
from inventories.scenarios.measures.electricity_supply import ElectricitySupply
from inventories.scenarios.measures.emission_capture import EmissionCapture
from inventories.scenarios.measures.equipment import Equipment
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.growth import Growth
from inventories.scenarios.measures.harbor_craft import HarborCraft
from inventories.scenarios.measures.hydrogen_supply import HydrogenSupply
from inventories.scenarios.measures.kind import Measure, Option, ShareMeasure
from inventories.scenarios.measures.locomotives import Locomotives
from inventories.scenarios.measures.ship_fuel import ShipFuel
from inventories.scenarios.measures.shore_power import ShorePower
from inventories.scenarios.measures.speed_reduction import SpeedReduction
from inventories.scenarios.measures.truck_operations import TruckOperations
from inventories.scenarios.measures.zero_emission_trucks import ZeroEmissionTrucks

__all__ = ["KINDS", "Measure", "Option", "ShareMeasure"]

KINDS: dict[str, type[Measure]] = {
    measure.kind(): measure
    for measure in (
        Growth,
        Congestion,
        SpeedReduction,
        Arrival,
        TruckOperations,
        FleetTurnover,
        ZeroEmissionTrucks,
        ShipFuel,
        Equipment,
        HarborCraft,
        Locomotives,
        ShorePower,
        EmissionCapture,
        ElectricitySupply,
        HydrogenSupply,
    )
}
"""Every measure there is, by the name that scenario files use."""
