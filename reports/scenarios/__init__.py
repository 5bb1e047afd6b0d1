"""Scenarios beside each other on paper: tables, figures and page."""
