"""Futures of an inventory.

``plan`` holds what is asked, ``measures`` what each measure does, ``base_year`` the year they start from,
``projection`` what is computed, ``answers`` what is told of it. Imports run: base_year, measures, plan,
projection, answers.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
