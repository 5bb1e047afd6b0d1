"""What the parts of the equipment recipe call the same: source, engines, standards."""

SOURCE = "cargo_handling_equipment"

ENGINES = {
    "diesel": "diesel",
    "renewable_diesel": "diesel",
    "biodiesel": "diesel",
    "lpg": "LPG",
    "cng": "CNG",
    "lng": "CNG",
    "gasoline": "gasoline",
}
"""The kind of engine that burns a fuel, by the names of the fuel tables."""

STAND_IN_FUELS = {
    "renewable_diesel": "rates of petroleum diesel: no verified ratio for renewable diesel",
    "biodiesel": "rates of petroleum diesel: no verified ratio for biodiesel, taken as unblended",
    "lng": "rates of compressed natural gas engines",
}
"""Fuels that no table has, with what their machines take instead."""

SCC_GROUPS = {"diesel": 2270000000, "LPG": 2267000000, "CNG": 2268000000, "gasoline": 2265000000}
TRANSITIONAL = ("T4A", "T4B")
TIERS = ("Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4 interim", "Tier 4 final")
FIRST_CONTROLLED = 1988
"""Diesel model years before this are ``Base``; the technology mix of MOVES5 says so above 50 hp."""
