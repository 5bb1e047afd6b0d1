"""Scenarios: what a policy team would do, as a TOML file of measures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inventories.scenarios.measures import KINDS, Measure
from inventories.scenarios.regulations import Law, law_of

KEYS = ("name", "describes", "extends", "horizon", "law", "measures", "without")


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
    """

    name: str
    describes: str
    horizon: int
    measures: tuple[Measure, ...]
    law: Law | None = None

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
        return _scenario(content, file, None)


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
    raise ScenarioError(name, [f"there is no scenario {name!r}; known are {', '.join(known)}"])


def _load(path: Path, above: tuple[str, ...]) -> Scenario:
    if not path.is_file():
        raise ScenarioError(str(path), ["there is no such file"])
    resolved = str(path.resolve())
    if resolved in above:
        raise ScenarioError(
            path.name, [f"it extends itself: {' -> '.join(Path(p).stem for p in (*above, resolved))}"]
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(path.name, [f"is not valid TOML: {problem}"]) from problem
    parent = None
    if "extends" in content:
        parent = _load(find_scenario(str(content["extends"]), path.parent), (*above, resolved))
    return _scenario(content, path.name, parent)


def _scenario(content: Mapping[str, Any], file: str, parent: Scenario | None) -> Scenario:
    problems = [f"unknown key {key!r}{_near(key, KEYS)}" for key in content if key not in KEYS]
    if not content.get("name"):
        problems.append('give the scenario a name: name = "..."')
    measures: list[Measure] = []
    for number, entry in enumerate(content.get("measures", ()), start=1):
        read = _measure(entry, f"[[measures]] number {number}", problems)
        if read is not None:
            measures.append(read)
    law = _law(content, parent, problems)
    above = _above(law, parent)
    inherited = [measure for measure in above if measure.title not in content.get("without", ())]
    for name in content.get("without", ()):
        if name not in [measure.title for measure in above]:
            problems.append(f"without names {name!r}, which is no measure of the scenario it extends")
    # A measure of the same name replaces the one that is extended.
    own = {measure.title for measure in measures}
    whole = [*(measure for measure in inherited if measure.title not in own), *measures]
    titles = [measure.title for measure in whole]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        problems.append(f"{titles.count(title)} measures are called {title!r}; give each a name of its own")
    if problems:
        raise ScenarioError(file, problems)
    horizon = int(content.get("horizon", parent.horizon if parent else 2050))
    return Scenario(str(content["name"]), str(content.get("describes", "")), horizon, tuple(whole), law)


def _law(content: Mapping[str, Any], parent: Scenario | None, problems: list[str]) -> Law | None:
    """The law a file names; that of the scenario it extends where it names none."""
    named = content.get("law")
    if named is None:
        return parent.law if parent else None
    if not isinstance(named, Mapping) or set(named) != {"as_of", "jurisdictions"}:
        problems.append('law: write law = { as_of = "2026-11-01", jurisdictions = ["California"] }')
        return None
    try:
        return law_of(str(named["as_of"]), [str(name) for name in named["jurisdictions"]])
    except ValueError as error:
        problems.append(f"law: {error}")
        return None


def _above(law: Law | None, parent: Scenario | None) -> list[Measure]:
    """Measures that a scenario starts from: of the one it extends, with the rules of its own law."""
    before = list(parent.measures) if parent else []
    if law is None or (parent is not None and law == parent.law):
        return before
    old = {str(entry["name"]) for entry in parent.law.measures()} if parent and parent.law else set()
    rules = [KINDS[entry["kind"]].model_validate(_fields(entry)) for entry in law.measures()]
    return [*(measure for measure in before if measure.title not in old), *rules]


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "kind"}


def _measure(entry: Mapping[str, Any], where: str, problems: list[str]) -> Measure | None:
    kind = entry.get("kind")
    if kind not in KINDS:
        problems.append(f"{where}: kind {kind!r} is none{_near(str(kind), KINDS)} Kinds: {', '.join(KINDS)}.")
        return None
    fields = _fields(entry)
    unknown = [key for key in fields if key not in _field_names(KINDS[kind])]
    problems += [
        f"{where} ({kind}): unknown key {key!r}{_near(key, _field_names(KINDS[kind]))}" for key in unknown
    ]
    try:
        return KINDS[kind].model_validate({key: value for key, value in fields.items() if key not in unknown})
    except ValidationError as error:
        for item in error.errors():
            place = ".".join(str(part) for part in item["loc"]) or "the measure"
            problems.append(f"{where} ({kind}), {place}: {item['msg']}; found {item['input']!r}")
        return None


def _field_names(kind: type[Measure]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


def _near(word: str, known: Any) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else "."
