"""What a reader has to know of records of ships, in words: sizes, tiers, keels, fuels, plugs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from inventories.work.ships.berth_sulfur import BerthRule
from inventories.work.ships.same_ships import Found
from inventories.work.ships.sizes import SPELLED

_NAMED = 3


def of_sizes(unusable: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Say which stated sizes sets cannot use, what stands in, and which unit they can: a note a type.

    Parameters
    ----------
    unusable : mapping of str to pandas.DataFrame
        By set; see `inventories.work.ships.sizes.Binned`.

    Examples
    --------
    >>> lost = pd.DataFrame({"vessel_id": ["V1"], "type": ["roro"], "size": [9000.0], "_row": [2]})
    >>> lost = lost.assign(size_unit="deadweight", wanted="gross tonnage", _file="vessels.csv")
    >>> of_sizes({"loads": lost.assign(stands_in="the bin from 5,000 GT, in the middle of its type")})[0][:81]
    'WARNING: the size of 1 ships of type roro is in DWT and is not used (vessels.csv '
    """
    kept = {name: table for name, table in unusable.items() if len(table)}
    if not kept:
        return ()
    lost = pd.concat([table.assign(set=name) for name, table in kept.items()], ignore_index=True)
    said = []
    for (kind, stated), rows in lost.groupby(["type", "size_unit"], sort=True):
        unit = SPELLED[str(stated)]
        ships = rows.drop_duplicates("vessel_id")
        shown = [
            f"{who}, {size:,.0f} {unit}" for who, size in zip(ships["vessel_id"], ships["size"], strict=True)
        ]
        sets = rows.drop_duplicates(["set", "wanted", "stands_in"])
        alike: dict[tuple[str, str], list[str]] = {}
        for name, counts, bin_of in zip(sets["set"], sets["wanted"], sets["stands_in"], strict=True):
            alike.setdefault((str(counts), str(bin_of)), []).append(str(name))
        counted = "; ".join(
            f"{' and '.join(names)} {'count' if len(names) > 1 else 'counts'} {SPELLED[unit_of]}, and "
            f"{instead}, stands in"
            for (unit_of, instead), names in alike.items()
        )
        wanted = " or ".join(dict.fromkeys(SPELLED[name] for name in sets["wanted"]))
        said.append(
            f"WARNING: the size of {len(ships):,} ships of type {kind} is in {unit} and is not used "
            f"({_places(ships, shown)}), for no published relation was read that turns it: {counted}. "
            f"Give size in {wanted}"
        )
    return tuple(said)


def of_tiers(unlawful: pd.DataFrame) -> tuple[str, ...]:
    """Say which ships state a NOx tier that keels of their time hardly have.

    Parameters
    ----------
    unlawful : pandas.DataFrame
        As `inventories.work.ships.doubts.unlawful_tiers` gives it.
    """
    if unlawful.empty:
        return ()
    numbers = unlawful[["tier", "least", "most"]].to_numpy(dtype=float).tolist()
    shown = [
        f"{who}, tier_{engine} is Tier {tier:.0f} by {since}, when Tier {_range(least, most)} held"
        for who, engine, since, (tier, least, most) in zip(
            unlawful["vessel_id"], unlawful["engine"], unlawful["since"], numbers, strict=True
        )
    ]
    return (
        f"WARNING: {len(unlawful):,} stated NOx tiers of ships are not those of MARPOL Annex VI regulation "
        f"13 for keels of their time ({_places(unlawful, shown)}): a wrong tier or date, an engine replaced "
        "since, or certified early; the stated tier was taken",
    )


def of_keels(late: pd.DataFrame) -> tuple[str, ...]:
    """Say which ships would have been delivered before their keel was laid.

    Parameters
    ----------
    late : pandas.DataFrame
        As `inventories.work.ships.doubts.keels_after_delivery` gives it.
    """
    if late.empty:
        return ()
    shown = [
        f"{who}, keel {keel:%Y-%m-%d}, delivered {built:.0f}"
        for who, keel, built in zip(late["vessel_id"], late["keel_date"], late["build_year"], strict=True)
    ]
    return (
        f"WARNING: the keels of {len(late):,} ships were laid after the year of their delivery "
        f"({_places(late, shown)}): correct keel_date or build_year; the tier went by the keel",
    )


def of_plugs(plugged: pd.DataFrame) -> tuple[str, ...]:
    """Say which stops are on shore power though their ships are said to be unable to take it.

    Parameters
    ----------
    plugged : pandas.DataFrame
        As `inventories.work.ships.doubts.plugged_without_plug` gives it.
    """
    if plugged.empty:
        return ()
    shown = (
        "call " + plugged["call_id"].astype("str") + ", ship " + plugged["vessel_id"].astype("str")
    ).tolist()
    return (
        f"WARNING: {len(plugged):,} stops are on shore power, and their ships have shore_power_capable = no "
        f"({_places(plugged, shown)}): correct one of the two; the stops were taken as written",
    )


def of_fuels(above: pd.DataFrame) -> tuple[str, ...]:
    """Say which stops state a fuel that their place does not allow to a ship without a scrubber.

    Parameters
    ----------
    above : pandas.DataFrame
        As `inventories.work.ships.doubts.above_limit` gives it.
    """
    if above.empty:
        return ()
    states = (above[name] for name in ("call_id", "fuel_given", "sulfur_given", "area_sulfur_pct"))
    shown = [
        f"call {call}, {fuel if pd.isna(sulfur) else f'sulfur {sulfur:g} %'}, above the limit of {limit:g} %"
        for call, fuel, sulfur, limit in zip(*states, strict=True)
    ]
    return (
        f"WARNING: {len(above):,} stops state a fuel beyond what the place allows, and no scrubber is stated "
        f"({_places(above, shown)}): correct fuel or sulfur_pct, or give the ship's scrubber; stated sulfur "
        "was taken as written, and a stated fuel without its sulfur at the limit",
    )


def of_berth_rule(rule: BerthRule | None) -> tuple[str, ...]:
    """Say what the law of the port's country made of the fuel at berth, and which rules are not applied.

    Examples
    --------
    >>> of_berth_rule(BerthRule("ES", 0.1, 2.0, "Directive", 19.0, 1.0, 0.0, ()))[0][:78]
    'fuel at berth: 0.1 % sulfur by the law of ES for stays longer than 2 h (Direct'
    """
    if rule is None:
        return ()
    said = []
    if rule.document:
        stays = f" for stays longer than {rule.longer_than_h:g} h" if rule.longer_than_h else ""
        short = f", {rule.shorter_hours:,.1f} hours of shorter stays do not" if rule.shorter_hours else ""
        said.append(
            f"fuel at berth: {rule.limit_pct:g} % sulfur by the law of {rule.country}{stays} "
            f"({rule.document}): {rule.hours:,.1f} hours at berth burn to it{short}; ships at anchor and "
            "under way burn to the limit of their waters"
        )
    if rule.open_hours:
        said.append(
            f"WARNING: {rule.open_hours:,.1f} hours at berth lie outside control areas and port.toml names "
            "no country: in many countries, those of the EU among them, the law asks for 0.1 % sulfur at "
            "berth. Not applied; give country"
        )
    said += [
        f"WARNING: a rule of {rule.country} may ask for fuel of less sulfur and is not applied: {text}. "
        "Where it holds give sulfur_pct of the stops, or control areas of the zones by a table of your own"
        for text in rule.not_applied
    ]
    return tuple(said)


def _places(rows: pd.DataFrame, shown: Sequence[str]) -> str:
    """Where the first rows stand and what they say, and how many more there are."""
    named = [
        f"{file} row {row}: {text}" if row else text
        for file, row, text in zip(rows["_file"].head(_NAMED), rows["_row"].head(_NAMED), shown, strict=False)
    ]
    more = len(rows) - _NAMED
    return "; ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _range(least: float, most: float) -> str:
    return f"{least:.0f}" if least == most else f"{least:.0f} to {most:.0f}"


def of_register(found: Found | None, ships: pd.DataFrame) -> tuple[str, ...]:
    """Say how a register of ships was matched, where it was not by all keys as written.

    Examples
    --------
    >>> found = Found(pd.DataFrame(), 0, 0, "LR 1")
    >>> of_register(found, pd.DataFrame({"vessel_id": ["9345678"]}))[0][:60]
    'WARNING: the register (vessel_registry) knows none of the 1 '
    """
    if found is None or not len(ships):
        return ()
    if not found.by_key + found.by_number:
        known = f'its first key is "{found.first}", theirs "{ships["vessel_id"].iloc[0]}"'
        return (
            f"WARNING: the register (vessel_registry) knows none of the {len(ships):,} ships: {known}. Write "
            "vessel_id alike in both tables",
        )
    if found.by_number:
        return (
            f"{found.by_number:,} ships were found in the register by their number alone, without IMO or "
            "leading zeros",
        )
    return ()
