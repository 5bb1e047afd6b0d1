"""The base year as projections see it: work in groups, its classes, stocks by age and what succeeds them."""
