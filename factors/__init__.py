"""What a unit of work emits, and who says so: units, factor tables, editions, methods.

Knows nothing of who uses it.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("_together.py")))["stand_together"](Path(__file__).parents[1])
