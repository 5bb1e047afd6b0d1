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
from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.brief import lines, listed
from factors.method_error import MethodError as MethodError
from factors.sources import TableSpec, load_edition
from factors.tables import FactorTable, load_table

if TYPE_CHECKING:
    from factors.overrides import Change, Overridden

STATES = ("value", "zero", "NE", "IE")
"""Coverage states: estimated; zero by definition; not estimated; included elsewhere."""


TEXTS = ("implements", "departs_from", "missing")
"""Parts of a method's text that are printed with every total."""


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
    says : mapping of str to mapping of str to str
        What each choice adds to the method's text: ``implements``, ``departs_from`` or ``missing``, each with
        a sentence for a choice; blank where it adds none.
    unless_own : tuple of str
        Tables (``source_category.need``) in whose place a port's own takes these sentences away.
    """

    name: str
    default: str
    allowed: tuple[str, ...]
    describes: str
    between: tuple[float, ...] = ()
    says: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    unless_own: tuple[str, ...] = ()

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
            folded = {name.casefold(): name for name in self.allowed}
            near = get_close_matches(choice.casefold(), folded, n=1)
            hint = f"; did you mean {folded[near[0]]!r}?" if near else ""
            return f"{self.name} = {choice!r} is not among {', '.join(self.allowed)}{hint}"
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
    always : mapping of str to tuple of str
        Sentences of ``implements``, ``departs_from`` and ``missing`` that no option changes.
    gwp_set : str
        Global warming potentials used for CO2e unless the report asks for others.
    pollutants : tuple of str
        What the summary table shows.
    declared : mapping of str to Option
    chosen : mapping of str to str
        Options set otherwise than by default.
    own_tables : mapping of (str, str) to FactorTable
        Tables in place of the method's, by source category and need.
    overrides : mapping of (str, str) to Overridden
        Those of them that are the method's but for single rows, and which.
    added : mapping of str to tuple of str
        Further sentences, of what a port brought.
    """

    name: str
    title: str
    always: Mapping[str, tuple[str, ...]] = field(repr=False)
    gwp_set: str
    pollutants: tuple[str, ...]
    declared: Mapping[str, Option]
    sources: Mapping[str, Mapping[str, Any]] = field(repr=False)
    chosen: Mapping[str, str] = field(default_factory=dict)
    own_tables: Mapping[tuple[str, str], FactorTable] = field(default_factory=dict, repr=False)
    overrides: Mapping[tuple[str, str], Overridden] = field(default_factory=dict, repr=False)
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

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

    @property
    def implements(self) -> tuple[str, ...]:
        """Documents and sections followed, with the options in force. Printed with totals."""
        return self._said("implements")

    @property
    def departs_from(self) -> tuple[str, ...]:
        """Where the method does otherwise than these, with the options and tables in force."""
        laid = self.overrides.items()
        own = (
            f"{len(over.changes)} row{'s' if len(over.changes) > 1 else ''} of {'.'.join(need)} "
            f"{'are' if len(over.changes) > 1 else 'is'} the port's own, laid over the method's"
            for need, over in laid
        )
        return (*self._said("departs_from"), *own)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the method lacks, with the options in force."""
        return self._said("missing")

    def _said(self, part: str) -> tuple[str, ...]:
        whole = {".".join(need) for need in self.own_tables if need not in self.overrides}
        by_option = (
            entry.says.get(part, {}).get(self.option(name), "")
            for name, entry in self.declared.items()
            if not whole & {*entry.unless_own}
        )
        return (*self.always.get(part, ()), *filter(None, by_option), *self.added.get(part, ()))

    def saying(self, part: str, *sentences: str) -> Method:
        """Return the method with further sentences of ``implements``, ``departs_from`` or ``missing``."""
        return replace(self, added={**self.added, part: (*self.added.get(part, ()), *sentences)})

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

    def with_laid_over(
        self, tables: Mapping[tuple[str, str], FactorTable], overrides: Mapping[tuple[str, str], Overridden]
    ) -> Method:
        """Return the method with tables that are its own but for single rows; see `factors.overrides`."""
        return replace(
            self, own_tables={**self.own_tables, **tables}, overrides={**self.overrides, **overrides}
        )

    def with_factors(self, frame: pd.DataFrame) -> Method:
        """Return the method with single factors of its tables set otherwise; all other rows stay.

        Parameters
        ----------
        frame : pandas.DataFrame
            ``need`` (``source_category.need``), the keys of that table, ``quantity, value, unit,
            source_document, confidence``; optional ``table, source_address, note``, and ``add`` = ``yes`` in
            rows whose keys the table does not have.

        Raises
        ------
        MethodError
            If the method has no such table.
        factors.user_tables.UserTableError
            If a row cannot be used: its keys are not in the table, its unit is of another kind, it has no
            source; all of them in one message.

        Examples
        --------
        >>> own = pd.DataFrame([{
        ...     "need": "ocean_going_vessels.bsfc", "engine_group": "propulsion", "engine_type": "SSD",
        ...     "fuel": "MGO/MDO", "quantity": "BSFC", "value": 180.0, "unit": "g/kWh",
        ...     "source_document": "sea trial of the port's own ships", "confidence": "derived",
        ... }])
        >>> method = load_method("epa-2022").with_factors(own)
        >>> print(*method.changes)
        ocean_going_vessels.bsfc, BSFC (engine_group=propulsion, engine_type=SSD, fuel=MGO/MDO): 180 g/kWh, 185 g/kWh before; sea trial of the port's own ships
        """  # noqa: E501
        from factors.overrides import with_factors

        return with_factors(self, frame)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every single row that stands in another's place, or was added."""
        return tuple(change for laid in self.overrides.values() for change in laid.changes)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to look at in single rows laid over the method's: odd values, columns that nothing reads."""
        return tuple(remark for laid in self.overrides.values() for remark in laid.remarks)

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
            {part: entry[part] for part in TEXTS if part in entry},
            tuple(entry.get("unless_own", ())),
        )
        for key, entry in content.get("options", {}).items()
    }
    return Method(
        name=content["name"],
        title=content["title"],
        always={part: tuple(content[part]) for part in TEXTS},
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
