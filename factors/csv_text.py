"""A file of comma separated text as a table of texts, or what is wrong with it by line."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pandas as pd

_SHOWN = 10


def read_csv_text(path: Path) -> tuple[pd.DataFrame, list[str]]:
    r"""Read a table whose first line holds its columns.

    Parameters
    ----------
    path : Path

    Returns
    -------
    table : pandas.DataFrame of str, shape (n, k)
        Blanks around cells are left out, and empty cells are empty texts. Row i is record i + 2 of the file.
    problems : list of str
        What keeps it from being a table; the table is empty then.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("tier, value\nTier 1, 9.8,\n", encoding="utf-8")
    >>> table, problems = read_csv_text(path)
    >>> table.to_dict("list"), problems
    ({'tier': ['Tier 1'], 'value': ['9.8']}, [])
    """
    nothing = pd.DataFrame()
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return nothing, [f"line {line}: is not UTF-8 text; save it as CSV UTF-8"]
    if "\0" in text:
        return nothing, [f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL character"]
    try:
        lines = list(csv.reader(StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")))
    except csv.Error as error:
        return nothing, [f"is no table as text: {error}"]
    cells = [[cell.strip() for cell in line] for line in lines]
    if not cells or not any(cells[0]):
        return nothing, ["is empty, or its first line is: the names of the columns stand there"]
    header = cells[0]
    while header and not header[-1]:
        header = header[:-1]
    problems = [
        f"column {name!r} is there twice"
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if "" in header:
        problems.append(f"column {header.index('') + 1} has no name")
    width = len(header)
    long = [at for at, line in enumerate(cells) if any(line[width:])]
    problems += [f"line {at + 1}: has more cells than there are columns: {cells[at]}" for at in long[:_SHOWN]]
    if len(long) > _SHOWN:
        problems.append(f"{len(long) - _SHOWN} more lines have more cells than there are columns")
    if problems:
        return nothing, problems
    filled = {at: [*line[:width], *[""] * (width - len(line))] for at, line in enumerate(cells) if any(line)}
    del filled[0]
    index = pd.Index([at - 1 for at in filled], dtype="int64")
    return pd.DataFrame(list(filled.values()), columns=header, index=index, dtype="str"), []
