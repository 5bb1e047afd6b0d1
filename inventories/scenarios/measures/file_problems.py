"""Sentences for what a scenario file gets wrong: table, key, what was found, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from inventories.scenarios.measures.adoption import Adoption

FORMS = tuple(form.__name__ for form in get_args(Adoption))
HOW_TO_ADOPT = (
    "write { table = { 2030 = 0.5 } }, { from = 2025, to = 2035, reaches = 1.0 }, "
    '{ year_10_pct = 2027, year_90_pct = 2034 } or { from = "2025-01-01", share = 0.8 }'
)
LIMITS = "limits"
HOW_TO_LIMIT = "write { stock = { 2025 = 60, 2030 = 90 }, of = 100 }, what is capable at the end of each year"
_STRAY = ("missing", "extra_forbidden", "model_type", "model_attributes_type")

_KEY = "[key]"
_WANTED = {
    "tuple_type": 'a list is wanted, as ["one", "two"]',
    "mapping_type": "a table is wanted, as { key = value }",
    "dict_type": "a table is wanted, as { key = value }",
    "int_parsing": "a whole number is wanted, such as a year, without quotes",
    "int_from_float": "a whole number is wanted, such as a year",
    "int_type": "a whole number is wanted, such as a year",
    "float_parsing": "a number is wanted, without quotes and without a unit",
    "float_type": "a number is wanted",
    "string_type": "text in quotes is wanted",
    "string_pattern_mismatch": 'a day is wanted, year-month-day, as "2025-01-01"',
}
"""What a value of the wrong type should be, by the type of error."""


def nearest(word: object, known: Iterable[str]) -> str:
    """Return ``; did you mean ...?`` where a known word is near, else a full stop.

    Examples
    --------
    >>> nearest("shore_powr", ["shore_power", "growth"])
    "; did you mean 'shore_power'?"
    """
    near = get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else "."


def field_names(kind: type[BaseModel]) -> list[str]:
    """Return the keys of a table as files write them."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def sentences(where: str, kind: type[BaseModel], error: ValidationError) -> list[str]:
    """Return a sentence for each problem that validation found.

    Of a key that can be written in several ways only the way that was meant is spoken of.
    """
    found = []
    for problem in _told_once(_meant(error.errors(include_url=False))):
        place = _place(problem)
        name = ".".join(place) or "the measure"
        if place[-1:] == [_KEY]:
            name = f"{'.'.join(place[:-1])}, the key"
        if problem["type"] == "missing":
            found.append(f"{where}: {name} is missing{_what_to_write(kind, place)}")
        elif problem["type"] == "extra_forbidden" and len(place) > 1:
            found.append(f"{where}, {'.'.join(place[:-1])}: unknown key {place[-1]!r}.")
        elif problem["type"] == "adoption":
            found.append(f"{where}, {name}: {problem['msg']}; {HOW_TO_ADOPT}")
        else:
            found.append(f"{where}, {name}: {_said(problem)}{_found(problem)}{_advice(problem)}")
    return found


def truths(where: str, kind: type[BaseModel], fields: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each true or false that stands where a number is wanted.

    Python counts with them: a share of ``true`` would be read as all.
    """
    found = []
    for key, value in fields.items():
        field = next((f for name, f in kind.model_fields.items() if key in (name, f.alias)), None)
        if field is None or "bool" in str(field.annotation):
            continue
        found += [
            f"{where}, {'.'.join((key, *place))}: a number is wanted; found {str(told).lower()}"
            for place, told in _truths(value)
        ]
    return found


def _truths(value: Any) -> list[tuple[tuple[str, ...], bool]]:
    if isinstance(value, bool):
        return [((), value)]
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    return [((str(key), *place), told) for key, part in parts for place, told in _truths(part)]


def with_text_dates(content: Any) -> Any:
    """Return content with TOML's own dates as text, year-month-day: ``from = 2025-01-01`` is well meant."""
    if isinstance(content, Mapping):
        return {key: with_text_dates(value) for key, value in content.items()}
    if isinstance(content, list):
        return [with_text_dates(value) for value in content]
    if isinstance(content, datetime):
        return content.date().isoformat()
    return content.isoformat() if isinstance(content, date) else content


def _form(part: Any) -> str:
    """Name of the form of adoption that a part of a place stands for; blank where it is a key."""
    name = str(part).removesuffix("]").rpartition(", ")[2]
    return name if name in FORMS else ""


def _is_form(part: Any) -> bool:
    return bool(_form(part)) or str(part).startswith(("dict[", "function-", "constrained-"))


def _meant(errors: list[Any]) -> list[Any]:
    """Of alternatives for one key keep the one whose keys were written."""
    plain = [e for e in errors if not any(_form(part) for part in e["loc"])]
    forked: dict[tuple[Any, ...], dict[str, list[Any]]] = {}
    for problem in errors:
        at = next((n for n, part in enumerate(problem["loc"]) if _form(part)), None)
        if at is not None:
            form = forked.setdefault(problem["loc"][:at], {})
            form.setdefault(str(problem["loc"][at]), []).append(problem)
    for place, forms in forked.items():
        # A slip within a limit says nothing of which form was meant.
        strays = {
            name: sum(e["type"] in _STRAY and LIMITS not in e["loc"] for e in own)
            for name, own in forms.items()
        }
        best = min(strays, key=lambda name: (strays[name], len(forms[name])))
        if strays[best]:
            written = _whole(forms[best])
            said = f"{written!r} says no share by year"
            if all(e["type"] == "extra_forbidden" for e in forms[best]):
                said = f"{', '.join(written)} do not go with the other keys; choose one way"
            plain.append({"type": "adoption", "loc": place, "msg": said, "input": written})
        else:
            plain += forms[best]
    return plain


def _place(problem: Any) -> list[str]:
    return [str(part) for part in problem["loc"] if not _is_form(part)]


def _told_once(errors: list[Any]) -> list[Any]:
    """Leave out what only says that another way to write a key was not taken, or repeats a problem within."""
    by_place: dict[tuple[str, ...], list[Any]] = {}
    for problem in errors:
        place = tuple(part for part in _place(problem) if part != _KEY)
        by_place.setdefault(place, []).append(problem)
    kept = []
    for place, found in by_place.items():
        of_value = [problem for problem in found if problem["type"] not in _WANTED]
        within = any(other[: len(place)] == place != other for other in by_place)
        kept += [p for p in of_value or found[:1] if not (within and p["type"] == "too_short")]
    return kept


def _whole(errors: list[Any]) -> Any:
    """What was written where a share by year was expected."""
    for problem in errors:
        if problem["type"] != "extra_forbidden":
            return problem["input"]
    return {str(problem["loc"][-1]): problem["input"] for problem in errors}


def _what_to_write(kind: type[BaseModel], place: list[str]) -> str:
    field = kind.model_fields.get(place[0]) if len(place) == 1 else None
    if place == ["share_of"] and field is not None:
        words = " or ".join(f'share_of = "{word}"' for word in get_args(field.annotation))
        return f": a share must say of what. Write {words}"
    if place == ["adoption"]:
        return f": the share reached by year; {HOW_TO_ADOPT}"
    if LIMITS in place:
        return f"; {HOW_TO_LIMIT}"
    return "; write it" if field is None else f"; write {place[0]} = ..."


def _said(problem: Any) -> str:
    """What is wrong with a value, in the words of scenario files."""
    if (plain := _WANTED.get(str(problem["type"]))) is not None:
        return plain
    return str(problem["msg"]).removeprefix("Value error, ")


def _found(problem: Any) -> str:
    return "" if problem["type"] == "value_error" else f"; found {problem['input']!r}"


def _advice(problem: Any) -> str:
    if problem["type"] == "literal_error":
        words = str(problem["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        near = nearest(problem["input"], words)
        return near if near != "." else ""
    of_share = any(_is_form(part) for part in problem["loc"]) and LIMITS not in problem["loc"]
    if of_share and problem["type"] in ("less_than_equal", "greater_than_equal"):
        return ". A share runs from 0, none, to 1, all: write 0.5 for half"
    return ""
