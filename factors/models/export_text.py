"""Text of a file that another program exported: in UTF-8, whole to its last row."""

from __future__ import annotations

import csv
from pathlib import Path


def utf8(path: Path) -> tuple[str, str]:
    r"""Return the text of a file, or a sentence on why it is none.

    Parameters
    ----------
    path : Path

    Returns
    -------
    text, problem : str
        One of the two is blank.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rates.csv"
    ...     _ = path.write_bytes(b"Region: Do\xf1a\n")
    ...     utf8(path)
    ('', 'line 1 is not UTF-8: save the file as "CSV UTF-8 (comma delimited)"')
    """
    content = path.read_bytes()
    if content[:2] == b"PK":
        return "", "this is a workbook or an archive: save its sheet as CSV, or unpack it"
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), ""
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", f'line {line} is not UTF-8: save the file as "CSV UTF-8 (comma delimited)"'


def cut_off(lines: list[str], heading: int, separator: str = ",") -> str:
    """Return what is wrong with the last row if it has fewer cells than the heading, else nothing.

    A download that stopped ends so, and the numbers it lost would be filled from elsewhere without a word.

    Parameters
    ----------
    lines : list of str
        All lines of the file.
    heading : int
        Index of the line with the heading.
    separator : str

    Examples
    --------
    >>> cut_off(["year,NOx,CO2", "2023,2.5,1400", "2023,2."], 0)
    'line 3 has 2 cells, the heading 3: the file is cut off there; export it again'
    """
    wide, last = (
        len(next(csv.reader([line], delimiter=separator), [])) for line in (lines[heading], _last(lines))
    )
    if last >= wide or heading == len(lines) - 1:
        return ""
    number = max(index for index, line in enumerate(lines) if line.strip()) + 1
    return f"line {number} has {last} cells, the heading {wide}: the file is cut off there; export it again"


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "")


def ragged(error: Exception) -> str:
    """Return a sentence on a row with more cells than the heading, from what the reader of CSV said.

    Examples
    --------
    >>> ragged(ValueError("Error tokenizing data. C error: Expected 2 fields in line 28, saw 3"))[:67]
    'a row has more cells than the heading (Expected 2 fields in line 28'
    """
    said = str(error).partition("C error: ")[2].strip() or str(error).strip()
    return (
        f"a row has more cells than the heading ({said}): decimals are points, and text with a comma "
        'stands in "quotation marks"'
    )
