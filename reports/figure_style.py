"""How all figures look: colours, letters, axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.words import UNIT_NAMES, unit_of

# Okabe and Ito's colours, told apart by most colour-blind readers, and in grey by lightness.
COLORS: Mapping[str, str] = {
    "ocean_going_vessels": "#0072b2",
    "heavy_duty_vehicles": "#e69f00",
    "cargo_handling_equipment": "#009e73",
    "harbor_craft": "#cc79a7",
    "locomotives": "#56b4e9",
    "electricity": "#999999",
}
OTHER_COLOR = "#666666"
INK, GRID = "#1b1f24", "#d8dde3"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def axis_title(pollutant: str) -> str:
    """Return the title of an axis: the pollutant and its unit in words."""
    return f"{pollutant}, {UNIT_NAMES[unit_of(pollutant)]}"


def layout(**more: Any) -> dict[str, Any]:
    """Return the layout that all figures share."""
    shared: dict[str, Any] = {
        "template": "none",
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 8, "r": 16, "t": 40, "b": 60},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        "hoverlabel": {"font": {"family": FONT}},
        "dragmode": False,
    }
    return shared | more
