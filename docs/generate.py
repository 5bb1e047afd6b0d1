"""Write the parts of these pages that the code already says: `python docs/generate.py`.

Between `<!-- generated: ... -->` and `<!-- end -->` stand tables made from the declarations that also drive
the reader of activity and the methods, so that a page cannot say something else. A test compares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
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


def fill(text: str) -> str:
    """Return a page with its generated parts made anew."""
    makers = {"activity": activity, "options": options}
    return BLOCK.sub(lambda found: found[1] + makers[found["kind"]](found["names"]) + found[4], text)


if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    for page in sorted(DOCS.rglob("*.md")):
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")
