"""A year on paper: its tables, figures, maps and page."""
