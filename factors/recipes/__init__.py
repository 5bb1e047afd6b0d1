"""Recipes: how factor rows compose into the factors of a source category's classes.

One module a source category, named by the method file that uses it. Each offers ``KEYS``, ``describe`` and
``resolve``; see `factors.library.Recipe`.
"""
