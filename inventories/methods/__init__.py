"""One year's activity by several methods, side by side, with the reasons for the difference."""

from inventories.methods.side_by_side import NotComparable as NotComparable
from inventories.methods.side_by_side import check_comparable as check_comparable
from inventories.methods.side_by_side import side_by_side as side_by_side
