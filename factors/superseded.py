"""Models that their makers have superseded, and where each is known to lean: told beside the editions."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BIASES = ("understates", "overstates", "either way", "not known")


@dataclass(frozen=True)
class SupersededTable:
    """One line of ``superseded.csv``: tables of an edition whose model has a successor.

    Attributes
    ----------
    edition, table : str
        The table; all of the edition where blank.
    keys : str
        Regular expression that the keys of the factor rows meant match; all where blank.
    pollutants, except_pollutants : tuple of str
        Pollutants that the line speaks of; all where empty, less the excepted ones.
    model, superseded_by : str
        As a reader calls them.
    bias : str
        One of `BIASES`: how the model's numbers stand to its successor's or to measurements.
    why, source_document, source_address, confidence : str
        What the bias rests on; blank where it is not known.
    """

    edition: str
    table: str
    keys: str
    pollutants: tuple[str, ...]
    except_pollutants: tuple[str, ...]
    model: str
    superseded_by: str
    bias: str
    why: str
    source_document: str
    source_address: str
    confidence: str

    def speaks_of(self, pollutant: str) -> bool:
        """Whether the line holds for a pollutant."""
        named = not self.pollutants or pollutant in self.pollutants
        return named and pollutant not in self.except_pollutants


@cache
def superseded_tables() -> tuple[SupersededTable, ...]:
    """Return what is known of superseded models.

    Examples
    --------
    >>> sorted({line.model for line in superseded_tables() if line.edition == "emfac2017"})
    ['EMFAC2017']
    """
    text = (files("factors") / "editions" / "superseded.csv").read_text(encoding="utf-8")
    return tuple(_read(line) for line in csv.DictReader(io.StringIO(text, newline="")))


def _read(line: dict[str, str]) -> SupersededTable:
    listed = {name: tuple(line[name].split()) for name in ("pollutants", "except_pollutants")}
    return SupersededTable(**(line | listed))  # type: ignore[arg-type]
