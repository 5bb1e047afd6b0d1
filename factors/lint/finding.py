"""One remark of the linter, and the order in which remarks are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]

# Checks whose remark is about another column than the value.
_COLUMN_OF = {"dimension": "unit", "unit": "unit", "quantity": "quantity", "columns": "", "read": ""}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the linter found.

    Attributes
    ----------
    severity : {"error", "warning"}
    check : str
        Name of the check, for example ``"carbon balance"``.
    row : int or None
        Line of the file (the heading is line 1); None where the finding concerns the table.
    message : str
        What was found, what was expected, what to do.
    table : str
        Name of the table or file.
    column : str
        The column to look at; blank where the finding concerns a row or the table.
    """

    severity: Severity
    check: str
    row: int | None
    message: str
    table: str = ""
    column: str = ""

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.severity}: {self.table}{row}{column}: {self.message} [{self.check}]"


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Only the findings that cannot be right.

    Examples
    --------
    >>> errors([Finding("warning", "band", 2, "unusual")])
    []
    """
    return [finding for finding in findings if finding.severity == "error"]


def about_values(severity: Severity, check: str, row: int | None, message: str, column: str = "") -> Finding:
    """Make a finding of a check of content, which looks at one column: mostly the value."""
    return Finding(severity, check, row, message, column=column or _COLUMN_OF.get(check, "value"))


def in_order(found: Sequence[Finding], name: str, limit: int) -> list[Finding]:
    """Errors first, then by row; of one kind no more than `limit`, and how many were left out."""
    found = [finding if finding.table else replace(finding, table=name) for finding in found]
    found.sort(key=lambda f: (f.severity != "error", f.row is not None, f.row or 0, f.check))
    listed: list[Finding] = []
    counts: dict[tuple[Severity, str], int] = {}
    for finding in found:
        kind = (finding.severity, finding.check)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= limit:
            listed.append(finding)
    for (severity, check), count in counts.items():
        if count > limit:
            message = f"and {count - limit} more of this kind"
            listed.append(Finding(severity, check, None, message, found[0].table))
    return listed
