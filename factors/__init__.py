"""What a unit of work emits, and who says so: units, emission factors, methods, each with its source."""
