"""Write the parts of these pages that the code already says: `python docs/generate.py`.

Between `<!-- generated: ... -->` and `<!-- end -->` stand tables made from the declarations that also drive
the reader of activity and the methods, and lists of the functions and classes themselves, with signatures and
first sentences, so that a page cannot say something else. A test compares.
"""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
ROOMS = ("factors", "emissions", "inventories", "reports")
BLOCK = re.compile(r"(<!-- generated: (?P<kind>\w+) (?P<names>[^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)


def rows(header: tuple[str, ...], body: list[tuple[str, ...]]) -> str:
    """Lay out a Markdown table."""
    lines = [header, tuple("---" for _ in header), *body]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def activity(names: str) -> str:
    """Say what one activity table may hold, a line per column."""
    from inventories.activity.tables import TABLES

    table = TABLES[names]
    body = []
    for column in table.columns:
        heading = f"**`{column.heading}`**" if column.required else f"`{column.heading}`"
        body.append((heading, column.description, column.allowed))
    return f"{table.description}\n\n" + rows(("heading", "what it is", "what may stand there"), body)


def options(names: str) -> str:
    """Say what options of a method decide: `options <method> <option> ...`, or `*` for all of them."""
    from factors.method import load_method

    method, *wanted = names.split()
    declared = load_method(method).declared
    body = []
    for name in sorted(declared) if wanted == ["*"] else wanted:
        option = declared[name]
        allowed = ", ".join(f"`{value}`" for value in option.allowed) or option.span
        body.append((f"`{name}`", allowed, f"`{option.default}`", option.describes))
    return rows(("option", "choices", f"default in `{method}`", "what it decides"), body)


def reference(names: str) -> str:
    """List functions and classes: names such as `inventories.Port`, or a module and all that it offers.

    A class is listed by its name: most objects come from functions. `emissions.Hull()` shows how one is made.
    """
    body = []
    for name in names.split():
        thing, offered = _named(name.removesuffix("()"))
        for each in offered or [name.removesuffix("()").rpartition(".")[2]]:
            value = getattr(thing, each) if offered else thing
            is_called = not inspect.isclass(value) or name.endswith("()")
            body.append((f"`{_signature(each, value) if is_called else each}`", _first_sentence(value)))
    return rows(("name", "what it is or does"), body)


def members(names: str) -> str:
    """List what can be asked of the objects of a class: methods with their signatures, and properties."""
    cls, _ = _named(names)
    body = []
    for each in _public(cls):
        value = inspect.getattr_static(cls, each)
        called = getattr(value, "__func__", value)
        if inspect.isfunction(called):
            own = type(value) in (classmethod, staticmethod)
            shown = _signature(each, getattr(cls, each) if own else called).replace("(self, ", "(", 1)
            shown = f"{cls.__name__}.{shown}" if own else f".{shown.replace('(self)', '()', 1)}"
        else:
            shown = f".{each}"
        body.append((f"`{shown}`", _first_sentence(getattr(value, "func", value))))
    return rows(("name", "what it is or does"), body)


def _named(name: str) -> tuple[Any, list[str]]:
    """What a dotted name stands for; of a module also the names it offers, in the order of its file."""
    parent, _, last = name.rpartition(".")
    if parent:
        holder = import_module(parent)
        if hasattr(holder, last) and not inspect.ismodule(getattr(holder, last)):
            return getattr(holder, last), []
    module = import_module(name)
    own = [
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and (inspect.isfunction(inspect.unwrap(value)) or inspect.isclass(value))
        and f"{value.__module__}.".startswith(f"{module.__name__}.")
    ]
    return module, list(getattr(module, "__all__", own))


def _public(cls: type) -> list[str]:
    """Methods and properties of a class, without fields; those of what it is made from first."""
    fields = set(getattr(cls, "__dataclass_fields__", ()))
    ours = [base for base in reversed(cls.__mro__) if base.__module__.partition(".")[0] in ROOMS]
    found = dict.fromkeys(key for base in ours for key in vars(base))
    return [
        key
        for key in found
        if not key.startswith("_") and key not in fields and inspect.getattr_static(cls, key).__doc__
    ]


def _signature(name: str, value: Any) -> str:
    """How a thing is called: its arguments and what stands there by default."""
    shown = inspect.signature(value).replace(return_annotation=inspect.Signature.empty)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in shown.parameters.values()]
    text = str(shown.replace(parameters=[each for each in bare if not each.name.startswith("_")]))
    return f"{name}{re.sub(r'<(?:function|object|class)? ?.*?>', '...', text)}"


def _first_sentence(value: Any) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split()).replace("``", "`")


def results(names: str) -> str:
    """Say what a file of a `year` or `projection` holds, a line per column: `results year cells.parquet`."""
    from inventories.scenarios.answers.format import projection_format
    from inventories.year.format import year_format

    kind, name = names.split()
    declared = {"year": year_format, "projection": projection_format}[kind]()
    file = declared.files[name]
    body = [
        (
            f"`{column.name}`" + ("" if column.always else " (where it applies)"),
            column.type + (", or missing" if column.may_be_missing else ""),
            column.unit,
            column.allowed.replace(" | ", ", ") or (f"line of {column.points_to}" if column.type == "integer"
            and column.points_to else column.points_to),
            column.meaning,
        )
        for column in declared.columns[name]
    ]  # fmt: skip
    heads = {"manifest.json": ("key", "may hold"), ".nc": ("variable", "over")}
    first, fourth = next((said for end, said in heads.items() if name.endswith(end)), ("column", "may hold"))
    told = file.meaning if file.always else f"{file.meaning} Where it applies."
    return f"{told}\n" + ("\n" + rows((first, "type", "unit", fourth, "what it is"), body) if body else "")


def quantity_units(_names: str) -> str:
    """Say which unit the quantity of a work row has, by its kind."""
    from factors.terms import QUANTITY_UNITS

    return rows(("`quantity_kind`", "unit"), [(f"`{kind}`", unit) for kind, unit in QUANTITY_UNITS.items()])


def fill(text: str) -> str:
    """Return a page with its generated parts made anew."""
    makers = {
        "activity": activity,
        "options": options,
        "reference": reference,
        "members": members,
        "results": results,
        "quantity_units": quantity_units,
    }
    return BLOCK.sub(lambda found: found[1] + makers[found["kind"]](found["names"]) + found[4], text)


if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    for page in sorted(DOCS.rglob("*.md")):
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")
