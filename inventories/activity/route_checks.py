"""Routes that records drive and sail by: known, of the right medium, and within the port's zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.problems import ProblemLog
from inventories.activity.tables.cell_checks import tell
from inventories.port.port import Port, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_routes"]

_COLUMNS = {
    "calls": {"arrival_route": "sea", "departure_route": "sea"},
    "gate_visits": {"route": "road"},
    "truck_legs": {"route": "road"},
}
_WORDS = {"sea": "a route of ships", "road": "a road"}


def check_routes(frames: dict[str, pd.DataFrame], port: Port, log: ProblemLog) -> None:
    """Tell names that are no route, routes of another medium, and used routes that leave the port's zones."""
    media = port.route_media()
    files = f"{port.geography.routes} and {port.geography.distances}"
    used: set[str] = set()
    for name, columns in _COLUMNS.items():
        for column, medium in columns.items():
            if name not in frames:
                continue
            frame = frames[name]
            fit = [route for route, its in media.items() if its == medium]
            used |= set(frame[column].dropna().unique()) & set(fit)
            missing = frame[column].notna() & ~frame[column].isin(fit)
            for value in frame.loc[missing, column].unique():
                what = (
                    f'"{value}" is {_WORDS[media[value]]}, and {_WORDS[medium]} is needed.'
                    if value in media
                    else f'"{value}" is not in {files}. {nearest(value, fit)}'.strip()
                )
                allowed = ", ".join(fit) if fit else f"nothing yet: {files} have none of that kind"
                here = missing & (frame[column] == value)
                tell(log, name, frame, here, what, column=column, allowed=allowed)
    if "calls" in frames:
        ends = port.terminals[["arrival_route", "departure_route"]].to_numpy().ravel()
        used |= {str(route) for route in ends if route in media}
    _within_zones(used, port, log)


def _within_zones(used: set[str], port: Port, log: ProblemLog) -> None:
    """A drawn route that is used lies within the zones: elsewhere is no mode, speed limit or area."""
    from inventories.port.routes import stretches_outside

    for route, places in stretches_outside(port.folder, port.geography, used).items():
        log.add(
            f'route "{route}" leaves the zones of {port.geography.zones}: {"; ".join(places)}.',
            file=port.geography.routes,
            allowed="routes that lie within the zones from end to end",
            advice=(
                "Draw a zone there, with in_domain false where it is beyond the inventory's domain, or end "
                f"the route where the zones end; or give its distances by hand in {port.geography.distances}."
            ),
        )
