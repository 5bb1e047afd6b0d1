"""The linter of factor tables: what looks wrong in one, line by line, and what to do about it."""

from factors.lint.linter import Finding as Finding
from factors.lint.linter import errors as errors
from factors.lint.linter import lint_edition as lint_edition
from factors.lint.linter import lint_file as lint_file
from factors.lint.linter import lint_table as lint_table
