"""One year's activity by several methods, side by side, with the reasons for the difference."""
