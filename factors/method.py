"""Methods: named, versioned choices of which edition and which option serves each need."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatch
from functools import cache, cached_property
from importlib.resources import files
from math import nan
from typing import Any

import pandas as pd

from factors.brief import lines, listed
from factors.sources import TableSpec, load_edition
from factors.tables import FactorTable, load_table

STATES = ("value", "zero", "NE", "IE")
"""Coverage states: estimated; zero by definition; not estimated; included elsewhere."""


class MethodError(ValueError):
    """A method, option or coverage statement is not one there is."""


@dataclass(frozen=True)
class Option:
    """A choice where sources disagree, with a name.

    Attributes
    ----------
    name, default : str
    allowed : tuple of str
        Empty where any text or number is allowed.
    describes : str
        What each choice does, and where it comes from.
    between : tuple of float
        Least and greatest number that may stand there; empty where it need not be a number.
    """

    name: str
    default: str
    allowed: tuple[str, ...]
    describes: str
    between: tuple[float, ...] = ()

    @property
    def span(self) -> str:
        """What may stand there where no choices are listed: ``0 to 1``, or ``any``."""
        return " to ".join(f"{bound:g}" for bound in self.between) or "any"

    def problem(self, choice: str) -> str:
        """Say why a choice cannot be used, in a sentence; nothing where it can.

        Examples
        --------
        >>> Option("load_floor", "0.02", (), "", (0, 1)).problem("2 %")
        "load_floor = '2 %' is not a number from 0 to 1, with a point for decimals"
        """
        if self.allowed and choice not in self.allowed:
            return f"{self.name} = {choice!r} is not among {', '.join(self.allowed)}"
        if not self.between or (choice == "" and self.default == ""):
            return ""
        try:
            number = float(choice)
        except ValueError:
            number = float("nan")
        if self.between[0] <= number <= self.between[1]:
            return ""
        return f"{self.name} = {choice!r} is not a number from {self.span}, with a point for decimals"


@dataclass(frozen=True)
class Method:
    """Which edition serves each need of each source category, and how disagreements are settled.

    Attributes
    ----------
    name, title : str
    implements, departs_from, missing : tuple of str
        Documents and sections followed; where the method does otherwise; what it lacks. Printed with totals.
    gwp_set : str
        Global warming potentials used for CO2e unless the report asks for others.
    pollutants : tuple of str
        What the summary table shows.
    declared : mapping of str to Option
    chosen : mapping of str to str
        Options set otherwise than by default.
    """

    name: str
    title: str
    implements: tuple[str, ...]
    departs_from: tuple[str, ...]
    missing: tuple[str, ...]
    gwp_set: str
    pollutants: tuple[str, ...]
    declared: Mapping[str, Option]
    sources: Mapping[str, Mapping[str, Any]] = field(repr=False)
    chosen: Mapping[str, str] = field(default_factory=dict)
    own_tables: Mapping[tuple[str, str], FactorTable] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return lines(
            f"Method {self.name}",
            {
                "title": self.title,
                "sources": listed(self.sources, most=12),
                "pollutants": f"{listed(self.pollutants, most=16)}; CO2e by {self.gwp_set}",
                "options": f"{len(self.declared):,}, see .options",
                "set otherwise": ", ".join(f"{name} = {value}" for name, value in self.chosen.items()),
                "own tables": ", ".join(".".join(need) for need in self.own_tables),
            },
        )

    def option(self, name: str) -> str:
        """Return the choice in force for an option."""
        if name not in self.declared:
            raise MethodError(f"method {self.name!r} has no option {name!r}; {_known(name, self.declared)}")
        return self.chosen.get(name, self.declared[name].default)

    @property
    def options(self) -> dict[str, str]:
        """Every option with the choice in force."""
        return {name: self.option(name) for name in sorted(self.declared)}

    def with_options(self, **options: str) -> Method:
        """Return the method with some options set otherwise.

        Raises
        ------
        MethodError
            If an option or a choice is not declared; all problems in one message.

        Examples
        --------
        >>> load_method("epa-2022").with_options(tier4="refuse").option("tier4")
        'refuse'
        """
        problems = []
        for name, choice in options.items():
            if name not in self.declared:
                problems.append(f"no option {name!r}; {_known(name, self.declared)}")
                continue
            if why := self.declared[name].problem(str(choice)):
                problems.append(why)
        if problems:
            raise MethodError(f"method {self.name!r}: " + "; ".join(problems))
        return replace(
            self, chosen={**self.chosen, **{name: str(choice) for name, choice in options.items()}}
        )

    def recipe(self, source_category: str) -> str:
        """Return the recipe that resolves the classes of a source category."""
        return str(self._source(source_category)["recipe"])

    def table(self, source_category: str, need: str) -> FactorTable:
        """Return the table that serves a need, for example ``("ocean_going_vessels", "nox")``.

        A user's own table is preferred. A need that the method has no table for must be served by one.
        """
        if (source_category, need) in self.own_tables:
            return self.own_tables[source_category, need]
        tables = self._source(source_category).get("tables", {})
        if need in self._source(source_category).get("user_tables", {}):
            raise MethodError(
                f"method {self.name!r} has no {need} for {source_category} of its own: bring your table. "
                f"`caap factors template {source_category}.{need}` writes its form; name it in port.toml "
                "under "
                f'[factor_tables] "{source_category}.{need}" = "factors/my-table.csv".'
            )
        if need not in tables:
            raise MethodError(f"method {self.name!r} names no table for {need!r} of {source_category}; "
                              f"it names {', '.join(tables)}")  # fmt: skip
        edition, _, table = str(tables[need]).partition("/")
        return load_table(edition, table)

    def has_table(self, source_category: str, need: str) -> bool:
        """Return whether a need is served, by the method or by a user's table."""
        served = need in self._source(source_category).get("tables", {})
        return served or (source_category, need) in self.own_tables

    def with_tables(self, tables: Mapping[tuple[str, str], FactorTable]) -> Method:
        """Return the method with a user's own tables in place of, or beside, its own."""
        return replace(self, own_tables={**self.own_tables, **tables})

    def needs(self) -> dict[tuple[str, str], TableSpec]:
        """Return the form of every table that a user may bring, by source category and need."""
        found = {}
        for source, content in self.sources.items():
            for need, table in content.get("tables", {}).items():
                edition, _, name = str(table).partition("/")
                found[source, need] = load_edition(edition).tables[name]
            for need, entry in content.get("user_tables", {}).items():
                found[source, need] = TableSpec(
                    "user",
                    need,
                    "",
                    entry["describes"],
                    entry["keys"],
                    quantities=entry.get("quantities", {}),
                    optional=tuple(entry.get("optional", ())),
                    allowed={key: tuple(values) for key, values in entry.get("allowed", {}).items()},
                    shares=tuple(entry.get("shares", ())),
                )
        return found

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """What is estimated: ``source_category, coverage_group, process, pollutant, state, rule``."""
        lines = []
        for source, content in self.sources.items():
            for entry in content.get("coverage", ()):
                stated = {pollutant: ("value", "") for pollutant in entry.get("value", ())}
                for state in STATES[1:]:
                    stated |= {pollutant: (state, rule) for pollutant, rule in entry.get(state, {}).items()}
                lines += [
                    (source, group, process, pollutant, state, rule)
                    for group in _each(entry["group"])
                    for process in _each(entry["process"])
                    for pollutant, (state, rule) in stated.items()
                ]
        columns = ["source_category", "coverage_group", "process", "pollutant", "state", "rule"]
        return pd.DataFrame(lines, columns=columns)

    def editions(self) -> list[str]:
        """Return the editions that the method draws on."""
        tables = [table for content in self.sources.values() for table in content.get("tables", {}).values()]
        return sorted({str(table).partition("/")[0] for table in tables})

    def _source(self, source_category: str) -> Mapping[str, Any]:
        if source_category not in self.sources:
            raise MethodError(
                f"method {self.name!r} has no {source_category}; it covers {', '.join(self.sources)}"
            )
        return self.sources[source_category]


def _each(named: str | list[str]) -> list[str]:
    """Return the groups or processes that one coverage statement speaks of."""
    return [named] if isinstance(named, str) else named


def _known(name: str, declared: Mapping[str, object]) -> str:
    near = get_close_matches(name, declared, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(declared))}"


def list_methods() -> list[str]:
    """Return the names of the shipped methods.

    Examples
    --------
    >>> "shipef-0.2" in list_methods()
    True
    """
    folder = files("factors") / "methods"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def _extended(content: dict[str, Any]) -> dict[str, Any]:
    """Lay a method over the one it extends: what it states itself holds, the rest is the other's.

    ``keeps_sources`` and ``keeps_options`` (patterns such as ``grid_*``), where given, name what is taken
    over of the other method; ``drops_tables`` of a source names needs that it does not have. A coverage
    statement takes the place of the other's on the same group and process.
    """
    if "extends" not in content:
        return content
    folder = files("factors") / "methods"
    base = _extended(tomllib.loads((folder / f"{content['extends']}.toml").read_text(encoding="utf-8")))
    patterns = content.get("keeps_options", ["*"])
    kept = [name for name in base["options"] if any(fnmatch(name, pattern) for pattern in patterns)]
    own = content.get("options", {})
    options = {name: {**base["options"][name], **own.get(name, {})} for name in kept}
    options |= {name: entry for name, entry in own.items() if name not in options}
    sources = {name: base["sources"][name] for name in content.get("keeps_sources", list(base["sources"]))}
    for name, entry in content.get("sources", {}).items():
        sources[name] = _source_over(entry, sources.get(name, {}))
    return {**base, **content, "options": options, "sources": sources}


def _source_over(entry: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    stated = {
        (group, process)
        for line in entry.get("coverage", ())
        for group in _each(line["group"])
        for process in _each(line["process"])
    }
    coverage = [
        {**line, "group": group, "process": process}
        for line in base.get("coverage", ())
        for group in _each(line["group"])
        for process in _each(line["process"])
        if (group, process) not in stated
    ]
    dropped = entry.get("drops_tables", ())
    merged = {
        key: {need: table for need, table in {**base.get(key, {}), **entry.get(key, {})}.items()
              if need not in dropped}
        for key in ("tables", "user_tables")
    }  # fmt: skip
    return {**base, **entry, **merged, "coverage": [*coverage, *entry.get("coverage", ())]}


@cache
def load_method(name: str) -> Method:
    """Read a shipped method.

    Parameters
    ----------
    name : str
        One of `list_methods`.

    Raises
    ------
    MethodError
        If there is no such method.
    """
    declared = files("factors") / "methods" / f"{name}.toml"
    if not declared.is_file():
        raise MethodError(f"no method {name!r}; shipped are {', '.join(list_methods())}")
    content = _extended(tomllib.loads(declared.read_text(encoding="utf-8")))
    options = {
        key: Option(
            key,
            str(entry["default"]),
            tuple(entry.get("allowed", ())),
            entry["describes"],
            tuple(entry.get("between", ())),
        )
        for key, entry in content.get("options", {}).items()
    }
    return Method(
        name=content["name"],
        title=content["title"],
        implements=tuple(content["implements"]),
        departs_from=tuple(content["departs_from"]),
        missing=tuple(content["missing"]),
        gwp_set=content["gwp_set"],
        pollutants=tuple(content["pollutants"]),
        declared=options,
        sources=content["sources"],
    )


def positive_option(method: Method, option: str, needed_by: str) -> float:
    """Return an option that has to be a number above zero.

    Raises
    ------
    factors.method.MethodError
        If it is not, saying what needs it and what it means.
    """
    text = method.option(option)
    try:
        value = float(text)
    except ValueError:
        value = nan
    if not value > 0:
        raise MethodError(
            f"option {option} is {text!r}; {needed_by} needs a number above 0 that the port has a source "
            f"for. {method.declared[option].describes}"
        )
    return value
