"""Global warming potentials: what turns masses of gases into CO2 equivalents, at reporting."""

from __future__ import annotations

from factors.tables import load_table

GREENHOUSE_GASES = ("CO2", "CH4", "N2O")
"""What CO2e is made of."""


OVER_20 = "AR6_fossil@20"
"""Potentials over 20 years where the set in use has none: the newest, of methane of fossil origin."""


def over_20_years(gwp_set: str) -> str:
    """Return the name of a set over 20 years; of another where its own document was not read over 20.

    Examples
    --------
    >>> over_20_years("AR4"), over_20_years("AR5")
    ('AR4@20', 'AR6_fossil@20')
    """
    name = f"{gwp_set.partition('@')[0]}@20"
    try:
        warming_potentials(name)
    except ValueError:
        return OVER_20
    return name


def is_climate(pollutant: str) -> bool:
    """Whether a pollutant is reported in tonnes, among the greenhouse gases.

    Examples
    --------
    >>> is_climate("CO2_biogenic"), is_climate("CO2e"), is_climate("CO")
    (True, True, False)
    """
    return pollutant in GREENHOUSE_GASES or pollutant.startswith(("CO2e", "CO2_"))


def warming_potentials(gwp_set: str) -> dict[str, float]:
    """Return the global warming potentials of a set, by gas.

    Parameters
    ----------
    gwp_set : str
        For example ``AR5``, over a hundred years; ``AR6_fossil@20`` over twenty.

    Raises
    ------
    ValueError
        If there is no such set, or it lacks a gas.

    References
    ----------
    IPCC assessment reports, https://www.ipcc.ch. AR6: Working Group I, chapter 7 supplement, Table 7.SM.7,
    and Table 7.15. All were read in transcriptions that each row of the edition ``gwp`` names
    (second-hand).

    Examples
    --------
    >>> warming_potentials("AR5")
    {'CO2': 1.0, 'CH4': 28.0, 'N2O': 265.0}
    """
    name, _, horizon = gwp_set.partition("@")
    frame = load_table("gwp", "gwp").frame
    rows = frame[(frame["gwp_set"] == name) & (frame["horizon"].astype(str) == (horizon or "100"))]
    found = dict(zip(rows["quantity"], rows["value"].astype(float), strict=True))
    if not {"CH4", "N2O"} <= set(found):
        both = frame[frame["quantity"].isin(["CH4", "N2O"])].groupby(["gwp_set", "horizon"]).size()
        known = [
            f"{key}@{years}" if str(years) != "100" else str(key) for key, years in both[both == 2].index
        ]
        raise ValueError(
            f"no warming potentials of CH4 and N2O in a set {gwp_set!r}; there are {', '.join(known)}"
        )
    return {"CO2": 1.0, "CH4": found["CH4"], "N2O": found["N2O"]}
