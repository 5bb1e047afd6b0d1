"""What a verified particle device leaves, by its level, of the particles of older diesels."""

from __future__ import annotations

from factors.method import Method
from factors.recipes.equipment.names import SOURCE
from factors.recipes.equipment.parts import Part
from factors.tables import Rows

LEVELS = ("none", "1", "2", "3", "3+")


def left(part: Part, method: Method) -> tuple[Rows, ...]:
    """Return the share of particles that the device of a part leaves at most; nothing where none counts.

    A level says the least reduction, so what is left is an upper bound. Engines of Tier 4 are certified with
    the treatment they have: a device stated for one is counted, and not credited.
    """
    if part.device in ("", "none") or part.modern or method.option("device_credit") == "none":
        return ()
    return (part.look_up(method.table(SOURCE, "devices"), "PM10", device_level=part.device),)
