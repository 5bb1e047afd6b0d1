"""The work row: which columns the work of every source category has, before the keys of its factor class."""

from __future__ import annotations

DIMENSIONS = (
    "source_category",
    "source_type",
    "engine_group",
    "mode_or_segment",
    "fuel",
    "technology",
    "tier_or_model_year",
    "terminal",
    "zone",
    "jurisdiction",
    "in_domain",
    "port",
    "operator",
    "control",
    "month",
    "provenance",
)
"""What totals are told apart by, beside the factor class."""

WORK_COLUMNS = ("record_id", *DIMENSIONS, "process_set", "port_share", "quantity_kind", "quantity")
"""Columns of a work row: whose work, told apart by what, how much, and the port's share of it."""
