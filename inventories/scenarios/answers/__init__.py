"""What is told of projections: comparison, contributions, energy, goals, tables."""
