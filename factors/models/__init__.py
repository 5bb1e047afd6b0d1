"""Readers of files that other models of emission factors write: EMFAC and MOVES."""
