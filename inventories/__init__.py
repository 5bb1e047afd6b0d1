"""A port's year: reading activity, filling gaps, choosing factors, and the result that explains itself."""
