"""A port's year: reading activity, filling gaps, choosing factors, and a result that explains itself.

Knows nothing of how it is printed.
"""

import runpy
from pathlib import Path

import lazy_loader

_home = Path(__file__).parents[1]
runpy.run_path(str(_home / "factors" / "_one_installation.py"))["stand_together"](_home)
# Public names are stated once, in the stub beside this file, and loaded on first use.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
