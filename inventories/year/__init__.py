"""A built year: the inventory, how it is built, saved and explained."""
