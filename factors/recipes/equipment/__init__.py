"""Cargo handling equipment: NONROAD's form, and California's."""

from factors.recipes.equipment.recipe import KEYS as KEYS
from factors.recipes.equipment.recipe import alike as alike
from factors.recipes.equipment.recipe import describe as describe
from factors.recipes.equipment.recipe import resolve as resolve
