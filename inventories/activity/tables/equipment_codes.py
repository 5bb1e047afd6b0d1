"""Whether the NONROAD codes that machines state are codes of equipment, and of the engine they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factors.recipes.equipment.names import ENGINES, SCC_GROUPS, SOURCE
from inventories.activity.problems import ProblemLog
from inventories.activity.tables.cell_checks import tell

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port.port import Port

_NEED = f"{SOURCE}.activity_defaults"
_COLUMNS = {"diesel": "diesel", "LPG": "lpg", "CNG": "cng", "gasoline": "gasoline"}
_ADVICE = "Correct it, or leave scc blank: the type then says the code."


def code_is_of_the_engine(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A stated code is one that load factors are known of, and of the machine's kind of engine."""
    given = frame["scc"].notna()
    if not given.any() or _NEED in port.factor_tables:
        return
    from emissions.equipment import equipment_types
    from factors.tables import load_table

    codes = frame["scc"].astype("str")
    known = load_table("moves5-nonroad", "activity_defaults").frame["scc"].astype("int64").astype("str")
    engine = frame["fuel"].map(ENGINES)
    for kind, group in SCC_GROUPS.items():
        # The first four digits of a code say the engine; railway maintenance has a group of its own.
        heads = (str(group)[:4], *(("2285002",) if kind == "diesel" else ()))
        own = sorted({code for code in known if code.startswith(heads)})
        wrong = given & (engine == kind) & ~codes.isin(own)
        if not wrong.any():
            continue
        usual = equipment_types()[_COLUMNS[kind]].reindex(frame.loc[wrong, "type"]).dropna()
        example = f", for example {int(usual.iloc[0])} of a {usual.index[0]}" if len(usual) else ""
        tell(
            log, "equipment", frame, wrong,
            f"scc is not a NONROAD code of a {kind} engine that load factors are known of.",
            column="scc",
            values=codes,
            allowed=f"one of {len(own)} ten-digit codes, {own[0]} to {own[-1]}{example}",
            advice=_ADVICE,
        )  # fmt: skip
