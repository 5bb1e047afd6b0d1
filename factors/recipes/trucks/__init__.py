"""Drayage trucks: rates by age, drive and model of the agency, idling, starts, brakes and tires."""

from factors.recipes.trucks.coverage import coverage as coverage
from factors.recipes.trucks.recipe import KEYS as KEYS
from factors.recipes.trucks.recipe import describe as describe
from factors.recipes.trucks.recipe import resolve as resolve
from factors.recipes.trucks.shared_factors import alike as alike
