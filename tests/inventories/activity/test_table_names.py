"""Tables that ``port.toml`` names are tables that there are; asked when a year is read, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories.activity import check_activity, load_activity
from inventories.port import Port, PortError

HEAD = 'name = "x"\ntimezone = "UTC"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[mapping.call]", r'table "call"\. Did you mean "calls"\?'),
        ("[tables.stop]", r'table "stop"\. Did you mean "stops"\?'),
        ('[[files]]\ntable = "vessel"\npath = "v.csv"', r'table "vessel"\. Did you mean "vessels"\?'),
        ('[units]\n"power" = "hp"', r'"units.power" does not read "table.column"'),
        ('[units]\n"call.power" = "hp"', r'"units.call.power" does not read "table.column"'),
        ('[mapping.call]\n[units]\n"power" = "hp"', r"2 problems"),
    ],
)
def test_a_table_that_nobody_knows_is_named_with_file_and_key(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "port.toml").write_text(HEAD + text, encoding="utf-8")
    port = Port.load(tmp_path)
    for read in (check_activity, load_activity):
        with pytest.raises(PortError, match=message) as error:
            read(port, 2023)
        assert "port.toml" in str(error.value)
