"""What stands below a total: how firm it is, what it lacks, by which method and choices it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from factors.warming import warming_potentials
from inventories.year.coverage import CO2E
from inventories.year.well_to_wake import BIOGENIC
from reports.words import percent, plain, source_name

if TYPE_CHECKING:
    from inventories.year.grade import Grade
    from inventories.year.inventory import Inventory

SHARES = {
    "given": "activity as its records state it",
    "registry": "activity from a register, or of the same ship in another year",
    "converted": "activity converted from a size in another unit",
    "median": "activity from medians of peers",
    "default": "activity from published defaults or rules",
    "read": "factors read in their documents",
    "derived": "derived factors",
    "unverified": "unverified factors",
    "extrapolated": "extrapolated factors",
}
"""What part of the emissions rests on what: activity by its least firm attribute, and factors, each of which
adds up to the whole; extrapolated is a mark of its own, that any factor may bear."""

SHORT_SHARES = {
    "given": "given activity",
    "registry": "from registers",
    "converted": "converted sizes",
    "median": "medians",
    "default": "defaults",
    "read": "read factors",
    "unverified": "unverified factors",
    "derived": "derived factors",
    "extrapolated": "extrapolated factors",
}

ALWAYS_TOLD = {
    "outside_edition": "heavy_duty_vehicles",
    "truck_rates": "heavy_duty_vehicles",
    "natural_gas": "heavy_duty_vehicles",
    "idle_rate": "heavy_duty_vehicles",
    "speed_bin": "heavy_duty_vehicles",
    "tier4": "cargo_handling_equipment",
    "mode_rule": "ocean_going_vessels",
    "llaf_so2": "ocean_going_vessels",
    "load_fuel_rate": "ocean_going_vessels",
    "grid_kind": "electricity",
    "grid_region": "electricity",
    "grid_year": "electricity",
}
"""Options that move a source's total so much that they are printed even at their default."""

REASONS_SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """One option of the method in force."""

    name: str
    value: str
    default: str
    describes: str

    @property
    def changed(self) -> bool:
        """Whether the port or the call chose otherwise than the method."""
        return self.value != self.default

    def __str__(self) -> str:
        return f"{self.name} = {self.value or '(none)'}" + ("" if self.changed else " (default)")


@dataclass(frozen=True)
class Footer:
    """What is printed with every total.

    Attributes
    ----------
    statements : tuple of str
        Illustrative, screening, and the port's own note.
    units : tuple of str
        Units, warming potentials, and what the lines mean.
    shares : pandas.DataFrame
        Share of each pollutant's emissions in the domain by the origin of its activity and by the confidence
        of its factors (`SHARES`); missing where nothing is emitted. [1]
    grades : tuple of str
        A line for each pollutant: what its total most rests on without being stated, and superseded models.
    sources : tuple of str
        Source categories of the inventory.
    not_estimated, elsewhere : tuple of str
        What is NE and what is IE, with the reason.
    method : str
    implements, departs_from, missing : tuple of str
    choices : tuple of Choice
        All options; `telling` picks those that matter.
    not_included : tuple of str
        What ports usually count and this year has nothing of.
    records : tuple of str
        Records used, rejected by reason, notes of the build.
    """

    statements: tuple[str, ...]
    units: tuple[str, ...]
    shares: pd.DataFrame
    grades: tuple[str, ...]
    sources: tuple[str, ...]
    not_estimated: tuple[str, ...]
    elsewhere: tuple[str, ...]
    method: str
    implements: tuple[str, ...]
    departs_from: tuple[str, ...]
    missing: tuple[str, ...]
    choices: tuple[Choice, ...]
    not_included: tuple[str, ...]
    records: tuple[str, ...]

    @property
    def telling(self) -> tuple[Choice, ...]:
        """Options that matter: set otherwise than by default, or heavy in themselves."""
        heavy = [
            choice
            for choice in self.choices
            if ALWAYS_TOLD.get(choice.name) in self.sources and (choice.value or choice.changed)
        ]
        changed = [choice for choice in self.choices if choice.changed and choice not in heavy]
        return tuple(sorted((*changed, *heavy), key=lambda choice: not choice.changed))

    def shares_text(self, short: bool = False) -> pd.DataFrame:
        """Return shares as printed, by their names in full or in short; what nothing rests on is left out."""
        met = self.shares[(self.shares.fillna(0.0) > 0).any(axis="columns")]
        words = met.map(lambda share: "–" if pd.isna(share) else percent(share))
        return words.rename(index=SHORT_SHARES if short else SHARES)


def footer(inventory: Inventory, pollutants: Sequence[str]) -> Footer:
    """Gather what is printed below a summary of some pollutants."""
    manifest = inventory.manifest
    method = manifest["method"]
    graded = _graded(inventory, pollutants)
    return Footer(
        statements=tuple(_statements(inventory)),
        units=tuple(_units(inventory)),
        shares=_shares(graded, pollutants),
        grades=tuple(str(grade) for grade in graded.values()),
        sources=tuple(sorted(map(str, inventory.cells["source_category"].unique()))),
        not_estimated=tuple(stated(inventory, pollutants, "NE")),
        elsewhere=tuple(stated(inventory, pollutants, "IE")),
        method=f"{method['name']}: {method['title']}",
        implements=tuple(method["implements"]),
        departs_from=tuple(method["departs_from"]),
        missing=tuple(method["missing"]),
        choices=_choices(method["name"], method["options"]),
        not_included=tuple(map(str, manifest["not_included"])),
        records=tuple(records(inventory)),
    )


def illustrative(inventory: Inventory) -> str:
    """Return the statement that a port is invented; empty where it is not."""
    if not inventory.manifest["port"]["illustrative"]:
        return ""
    return "ILLUSTRATIVE: invented activity. No number here is a result of any port."


def screening(inventory: Inventory) -> str:
    """Return the statement that a result is only a screening, with its reason; empty where it is not."""
    reason = str(inventory.manifest["port"]["screening"]).strip()
    return f"SCREENING: not an inventory, because {reason}." if reason else ""


def _statements(inventory: Inventory) -> list[str]:
    said = [illustrative(inventory), screening(inventory), str(inventory.manifest["port"]["note"]).strip()]
    return [text for text in said if text]


def _units(inventory: Inventory) -> list[str]:
    potentials = warming_potentials(inventory.gwp_set)
    named = inventory.gwp_set if "@" in inventory.gwp_set else f"{inventory.gwp_set}, 100 years"
    domain = inventory.manifest["domain"]
    lines = [
        "Criteria pollutants in short tons (2,000 lb); CO2, CH4, N2O and CO2e in tonnes (1,000 kg).",
        *_biogenic(inventory),
        f"CO2e by the warming potentials of {named}: CH4 {potentials['CH4']:g}, N2O {potentials['N2O']:g}.",
        f"Domain: {domain['name']}. {domain['describes']}".strip(),
        "kWh and hp-hr are the same engine work in two units; of electricity, kWh at the meter.",
        "Fuel is what the factors say was burnt; gallons (US) are of its liquids, by density: diesel on land "
        "and in craft 3.206 kg a gallon (CA-GREET), ships' distillate 895 kg/m3 (Fourth IMO GHG Study).",
    ]
    if (inventory.cells["source_category"] == "electricity").any():
        lines.append("Emissions of power stations happen elsewhere and are not part of the total.")
    return lines


def _biogenic(inventory: Inventory) -> list[str]:
    if BIOGENIC not in inventory.mass:
        return []
    return ["CO2_biogenic, of renewable fuels, in tonnes: a line of its own, in neither CO2 nor CO2e."]


def _graded(inventory: Inventory, pollutants: Sequence[str]) -> dict[str, Grade]:
    """Grades of the pollutants of which anything is emitted."""
    inside = inventory.select()
    known = [name for name in pollutants if name == CO2E or name in inventory.mass]
    return {name: inventory.grade(name) for name in known if inventory.column(name)[inside].sum() > 0}


def _shares(graded: Mapping[str, Grade], pollutants: Sequence[str]) -> pd.DataFrame:
    found = {}
    for name, grade in graded.items():
        stated = dict(grade.activity)
        # A ship's own record of another year is as good as a register.
        stated["registry"] = stated.get("registry", 0.0) + stated.pop("same_ship", 0.0)
        found[name] = pd.Series({**stated, **grade.factors}).reindex(list(SHARES)).fillna(0.0)
    return pd.DataFrame(found, index=list(SHARES), columns=list(pollutants), dtype=float)


def stated(inventory: Inventory, pollutants: Sequence[str], state: str, *, only: bool = False) -> list[str]:
    """Return in words which parts of which sources are not estimated (NE), or included elsewhere (IE).

    Pollutants of the summary come first; others that the method names follow, unless it is *only* these.
    """
    coverage = inventory.coverage()
    part = coverage[coverage["state"] == state]
    shown = part["pollutant"].isin(pollutants)
    frames = (part[shown],) if only else (part[shown], part[~shown])
    return [line for frame in frames for line in _parts(frame, list(pollutants))]


def _parts(frame: pd.DataFrame, order: list[str]) -> list[str]:
    """Group coverage lines by source and reason: few sentences for many lines."""
    found = []
    for key, group in frame.groupby(["source_category", "rule"], sort=False):
        source, rule = key
        names = sorted(sorted(set(group["pollutant"])), key=lambda name: [*order, name].index(name))
        places = group[["coverage_group", "process"]].drop_duplicates()
        processes = list(dict.fromkeys(places["process"]))
        groups = list(dict.fromkeys(places["coverage_group"]))
        where = f"{', '.join(map(plain, groups))}; {', '.join(map(plain, processes))}"
        why = f": {rule}" if rule else ""
        found.append(f"{', '.join(names)} of {source_name(str(source))} ({where}){why}")
    return found


def _choices(method: str, options: dict[str, str]) -> tuple[Choice, ...]:
    from factors.method import MethodError, load_method

    try:
        declared = load_method(method).declared
    except MethodError:  # a saved year outlives the method it was made by
        declared = {}
    found = []
    for name, value in options.items():
        said = declared.get(name)
        default = said.default if said else ""
        found.append(Choice(name, str(value), default, said.describes if said else ""))
    return tuple(found)


def records(inventory: Inventory) -> list[str]:
    """Return how many records were used, which were rejected for what, and what the build notes."""
    counted = inventory.manifest["records"]
    read = ", ".join(f"{count:,} {plain(name)}" for name, count in counted["in"].items())
    lines = [f"Records used: {read}; {counted['work_rows']:,} work rows, {len(inventory.cells):,} cells."]
    for table, reasons in counted["rejected"].items():
        total = sum(reasons.values())
        lines.append(f"Rejected rows of {plain(table)}: {total:,}")
        often = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        lines += [f"    {count:,}: {reason}" for reason, count in often[:REASONS_SHOWN]]
        if len(often) > REASONS_SHOWN:
            rest = sum(count for _, count in often[REASONS_SHOWN:])
            lines.append(f"    {rest:,}: {len(often) - REASONS_SHOWN} other reasons")
    if counted["rejected"]:
        lines.append(
            "Every rejected row stands in rejected.csv beside this page, with its place and the reason."
        )
    return [*lines, *(str(note) for note in inventory.manifest["notes"])]
