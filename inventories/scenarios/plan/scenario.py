"""Scenarios: what a policy team would do, as a TOML file of measures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from factors.brief import lines, listed
from inventories.scenarios.measures import KINDS, Measure
from inventories.scenarios.measures.file_problems import (
    field_names,
    nearest,
    sentences,
    truths,
    with_text_dates,
)
from inventories.scenarios.plan.named_years import years_named
from inventories.scenarios.plan.regulations import Law, law_of, law_of_port
from inventories.scenarios.plan.whose_rules import whose_rules

KEYS = ("name", "describes", "extends", "horizon", "law", "measures", "without")
LAW_KEYS = ("as_of", "jurisdictions")
LAST_YEAR = 2050
"""Horizon of a scenario that names none."""

END_OF_YEARS = 2200
"""No horizon lies so far away: a year like 20500 is a slip."""


class ScenarioError(ValueError):
    """A scenario cannot be read or applied; every problem with file, table and key in one message."""

    def __init__(self, file: str, problems: list[str]) -> None:
        super().__init__(f"{file}: " + ("\n  - ".join(["cannot be used", *problems])))
        self.file = file
        self.problems = problems


@dataclass(frozen=True)
class Scenario:
    """A list of measures over years.

    Attributes
    ----------
    name, describes : str
    horizon : int
        Last year projected, unless asked otherwise.
    measures : tuple of Measure
        Those of the scenario it extends first; the order changes no total.
    law : Law, optional
        The rules in force on the day that the scenario names, or the one it extends.
    file : str
        Where it was read.
    places : mapping of str to str
        File and table of each measure, by its name; rules have none.
    rules : mapping of str to Measure
        Measures that carry the rules of its law, by name.
    """

    name: str
    describes: str
    horizon: int
    measures: tuple[Measure, ...]
    law: Law | None = None
    file: str = field(default="", compare=False)
    places: Mapping[str, str] = field(default_factory=dict, compare=False)
    rules: Mapping[str, Measure] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        kinds = [f"{m.title}" if m.title == m.kind() else f"{m.title} ({m.kind()})" for m in self.measures]
        told = {"describes": self.describes, "until": self.horizon, "measures": listed(kinds, most=12)}
        law = {"law": f"as of {self.law.as_of}, {len(self.law.in_force)} rules in force"} if self.law else {}
        return lines(f"Scenario {self.name}", told | law | {"file": self.file})

    def at(self, place: Mapping[str, Any] | None) -> tuple[Scenario, tuple[str, ...]]:
        """Return the scenario with the rules that bind at a place, and how they were found.

        A scenario that names jurisdictions, or no law, is the same anywhere.

        Parameters
        ----------
        place : mapping or None
            As a saved year keeps it.

        Raises
        ------
        ScenarioError
            If the place has to be known, and is not.
        """
        if self.law is None or not self.law.is_of_port:
            return self, ()
        try:
            whose = whose_rules(place)
        except ValueError as error:
            raise ScenarioError(self.file or self.name, [f"law: {error}"]) from error
        law = self.law.of_port(whose.jurisdictions)
        names = {str(entry["name"]) for entry in law.measures()}
        rules = {title: measure for title, measure in self.rules.items() if title in names}
        kept = tuple(m for m in self.measures if not self.is_rule(m) or m.title in rules)
        return replace(self, law=law, rules=rules, measures=kept), whose.notes

    def is_rule(self, measure: Measure) -> bool:
        """Return whether a measure stands for a rule in force, unchanged."""
        return self.rules.get(measure.title) == measure

    def where(self, measure: Measure) -> str:
        """Return the file and table of a measure, to begin a message with."""
        if self.is_rule(measure):
            return "rule in force"
        return self.places.get(measure.title, "[[measures]]").removeprefix(f"{self.file}, ")

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read a scenario file, and those it extends: beside it, or packaged.

        Raises
        ------
        ScenarioError
            Every problem: unknown keys and kinds with the nearest known, shares out of range, a scenario that
            extends itself.
        """
        return _load(Path(path), ())

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], file: str = "scenario") -> Scenario:
        """Make a scenario of what a TOML file would hold.

        Examples
        --------
        >>> more = Scenario.from_dict({"name": "more", "measures": [{"kind": "growth", "rate": 0.02}]})
        >>> more.measures[0].title
        'growth'
        """
        if not isinstance(content, Mapping):
            raise ScenarioError(file, [f"a scenario is a table of keys such as name; found {content!r}"])
        return _scenario(content, file, ())


def list_scenarios() -> list[str]:
    """Return the names of the packaged scenarios."""
    folder = files("inventories") / "scenarios" / "packaged"
    if not folder.is_dir():
        return []
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def find_scenario(name: str, beside: Path) -> Path:
    """Return the file of a scenario named by another: beside it, or packaged."""
    near = beside / f"{name}.toml"
    if near.is_file():
        return near
    packaged = Path(str(files("inventories") / "scenarios" / "packaged" / f"{name}.toml"))
    if packaged.is_file():
        return packaged
    known = sorted({*list_scenarios(), *(path.stem for path in beside.glob("*.toml"))})
    raise ScenarioError(
        name, [f"there is no scenario {name!r}{nearest(name, known)} Known are {', '.join(known)}"]
    )


def _load(path: Path, above: tuple[str, ...]) -> Scenario:
    if not path.is_file():
        what = "is a folder; name a .toml file" if path.is_dir() else "there is no such file"
        known = sorted(entry.name for entry in path.parent.glob("*.toml")) if path.parent.is_dir() else []
        raise ScenarioError(str(path), [f"{what}{nearest(path.name, known)}"])
    resolved = str(path.resolve())
    if resolved in above:
        chain = " -> ".join(Path(p).stem for p in (*above, resolved))
        raise ScenarioError(
            path.name, [f"extends: it extends itself: {chain}. Take extends out of one of these files"]
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(
            path.name,
            [f"is not valid TOML: {problem}. Mend that line; `caap scenarios check` reads it again"],
        ) from problem
    except UnicodeDecodeError as problem:
        raise ScenarioError(
            path.name, [f"is not UTF-8 text ({problem.reason}); save it as UTF-8"]
        ) from problem
    named = content.get("extends", ())
    names = [named] if isinstance(named, str) else [name for name in _listed(named) if isinstance(name, str)]
    parents = [_load(_extended(name, path), (*above, resolved)) for name in names]
    return _scenario(content, path.name, parents)


def _extended(name: str, path: Path) -> Path:
    try:
        return find_scenario(name, path.parent)
    except ScenarioError as problem:
        raise ScenarioError(path.name, [f"extends: {text}" for text in problem.problems]) from problem


def _joined(parents: Sequence[Scenario], replaced: set[str], problems: list[str]) -> Scenario | None:
    """One scenario of all that a file extends: what several hold in the same words counts once."""
    if len(parents) < 2:
        return parents[0] if parents else None
    measures: dict[str, Measure] = {}
    for parent in parents:
        for measure in parent.measures:
            other = measures.setdefault(measure.title, measure)
            if other != measure and measure.title not in replaced:
                problems.append(
                    f"extends: {measure.title!r} is not the same in {', '.join(p.name for p in parents)}; "
                    "leave it out (without) or write it here, in place of them all"
                )
    laws = [parent.law for parent in parents if parent.law is not None]
    if any(law != laws[0] for law in laws):
        days = ", ".join(f"{p.name} of {p.law.as_of}" for p in parents if p.law is not None)
        problems.append(f"extends: they stand on different law ({days}); name the law here, and in them")
    places = {title: place for parent in parents for title, place in parent.places.items()}
    return replace(
        parents[0],
        horizon=max(parent.horizon for parent in parents),
        measures=tuple(measures.values()),
        law=laws[0] if laws else None,
        places=places,
    )


def _scenario(content: Mapping[str, Any], file: str, parents: Sequence[Scenario]) -> Scenario:
    problems = [f"unknown key {key!r}{nearest(key, KEYS)}" for key in content if key not in KEYS]
    content = with_text_dates(content)
    if not content.get("name") or not isinstance(content["name"], str):
        problems.append('name: give the scenario a name: name = "..."')
    problems += _mistyped(content)
    measures: list[Measure] = []
    written: dict[str, str] = {}
    for number, entry in enumerate(_listed(content.get("measures", ())), start=1):
        where = f"[[measures]] number {number}"
        read = _measure(entry, where, problems)
        if read is not None:
            measures.append(read)
            written[read.title] = f"{file}, {where}"
    without = [str(name) for name in _listed(content.get("without", ()))]
    parent = _joined(parents, {*written, *without}, problems)
    places = {**(parent.places if parent else {}), **written}
    law = _law(content, parent, problems)
    above = _above(law, parent)
    inherited = [measure for measure in above if measure.title not in without]
    titles = [measure.title for measure in above]
    for name in without:
        if name not in titles:
            problems.append(
                f"without: {name!r} is no measure of the scenario it extends{nearest(name, titles)} "
                f"It has {', '.join(titles) or 'none'}."
            )
    # A measure of the same name replaces the one that is extended.
    own = {measure.title for measure in measures}
    whole = [*(measure for measure in inherited if measure.title not in own), *measures]
    titles = [measure.title for measure in whole]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        problems.append(
            f"[[measures]]: {titles.count(title)} measures are called {title!r}; give each a name of its own"
        )
    given = content.get("horizon", parent.horizon if parent else LAST_YEAR)
    horizon = given if isinstance(given, int) else LAST_YEAR
    problems += _beyond(measures, horizon, places, file)
    if problems:
        raise ScenarioError(file, problems)
    rules = rules_of(law) if law is not None else {}
    return Scenario(
        content["name"], str(content.get("describes", "")), horizon, tuple(whole), law, file, places, rules
    )


def _mistyped(content: Mapping[str, Any]) -> list[str]:
    """Keys of the file itself whose values are of the wrong kind."""
    found = []
    horizon = content.get("horizon", LAST_YEAR)
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not 1900 < horizon < END_OF_YEARS:
        found.append(f"horizon: the last year, as horizon = 2050; found {horizon!r}")
    extends = content.get("extends", "")
    if not isinstance(extends, str) and not (_listed(extends) and all(isinstance(n, str) for n in extends)):
        found.append(f'extends: a name, or a list of names, as extends = "current-law"; found {extends!r}')
    without = content.get("without", ())
    if not isinstance(without, (list, tuple)) or not all(isinstance(name, str) for name in without):
        found.append(f'without: a list of names, as without = ["turnover"]; found {without!r}')
    entries = content.get("measures", ())
    if not isinstance(entries, (list, tuple)):
        found.append("measures: each measure is a table of its own, headed [[measures]] in double brackets")
    return found


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _beyond(measures: list[Measure], horizon: int, places: Mapping[str, str], file: str) -> list[str]:
    """Years that the scenario never reaches: each named point of a table, a curve that begins too late."""
    found = []
    for measure in measures:
        where = places[measure.title].removeprefix(f"{file}, ")
        for key, points in years_named(measure):
            late = [year for year in points if year > horizon]
            if late:
                found.append(
                    f"{where} ({measure.title}), {key}: {', '.join(map(str, late))} lies beyond the horizon "
                    f"{horizon}, so that it would do nothing. Write horizon = {max(late)}, or an earlier year"
                )
    return found


def _law(content: Mapping[str, Any], parent: Scenario | None, problems: list[str]) -> Law | None:
    """The law a file names; that of the scenario it extends where it names none."""
    named = content.get("law")
    if named is None:
        return parent.law if parent else None
    if wrong := _of_law(named):
        problems.append(
            f'law: {wrong}; write law = {{ as_of = "2026-11-01", jurisdictions = ["California"] }}'
        )
        return None
    try:
        date.fromisoformat(str(named["as_of"]))
    except ValueError:
        problems.append(f'law, as_of: {str(named["as_of"])!r} is no day; write as_of = "2026-11-01"')
        return None
    try:
        if "jurisdictions" not in named:
            return law_of_port(str(named["as_of"]))
        return law_of(str(named["as_of"]), [str(name) for name in named["jurisdictions"]])
    except ValueError as error:
        problems.append(f"law: {error}")
        return None


def _of_law(named: Any) -> str:
    """What is wrong with the keys of a law, in words; blank where nothing is.

    A law without jurisdictions is that of the port which is projected.
    """
    if not isinstance(named, Mapping):
        return f"a day and jurisdictions are wanted; found {named!r}"
    strange = [
        f"unknown key {key!r}{nearest(key, LAW_KEYS).removesuffix('.')}"
        for key in named
        if key not in LAW_KEYS
    ]
    absent = [] if "as_of" in named else ["as_of is missing"]
    if strange or absent:
        return ", ".join([*strange, *absent])
    whose = named.get("jurisdictions", [""])
    if not isinstance(whose, (list, tuple)) or not whose:
        return f"jurisdictions is a list with at least one name; found {whose!r}"
    return ""


def _above(law: Law | None, parent: Scenario | None) -> list[Measure]:
    """Measures that a scenario starts from: of the one it extends, with the rules of its own law."""
    before = list(parent.measures) if parent else []
    if law is None or (parent is not None and law == parent.law):
        return before
    old = {str(entry["name"]) for entry in parent.law.measures()} if parent and parent.law else set()
    return [*(measure for measure in before if measure.title not in old), *rules_of(law).values()]


def rules_of(law: Law) -> dict[str, Measure]:
    """Return the measures that carry the rules in force, by their names."""
    return {
        str(entry["name"]): KINDS[entry["kind"]].model_validate(_fields(entry)) for entry in law.measures()
    }


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "kind"}


def _measure(entry: Any, where: str, problems: list[str]) -> Measure | None:
    if not isinstance(entry, Mapping):
        problems.append(f"{where}: {entry!r} is no table; head each measure with [[measures]]")
        return None
    kind = entry.get("kind")
    if kind not in KINDS:
        problems.append(
            f"{where}, kind: {kind!r} is none{nearest(kind, KINDS)} Kinds: {', '.join(KINDS)}."
            if kind is not None
            else f'{where}: kind is missing; write kind = "...", one of {", ".join(KINDS)}'
        )
        return None
    fields, known = _fields(entry), field_names(KINDS[kind])
    unknown = [key for key in fields if key not in known]
    problems += [f"{where} ({kind}): unknown key {key!r}{nearest(key, known)}" for key in unknown]
    problems += truths(f"{where} ({kind})", KINDS[kind], fields)
    try:
        return KINDS[kind].model_validate({key: value for key, value in fields.items() if key not in unknown})
    except ValidationError as error:
        problems += sentences(f"{where} ({kind})", KINDS[kind], error)
        return None
