"""How a port's folder is refused: every sentence in one message, and the nearest known word."""

from __future__ import annotations

import difflib
from pathlib import Path


class PortError(ValueError):
    """Something in a port's folder cannot be used; ``problems`` lists every sentence of the message."""

    def __init__(self, file: Path | str, problems: list[str]) -> None:
        self.file = str(file)
        self.problems = problems
        lines = problems if len(problems) > 1 else []
        head = f"{file}: {problems[0]}" if not lines else f"{file}: {len(problems)} problems"
        super().__init__("\n".join([head, *(f"  - {line}" for line in lines)]))


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """``Did you mean "x"?``, or nothing where no known word is near."""
    folded = {name.casefold(): name for name in reversed(known)}
    match = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f'Did you mean "{folded[match[0]]}"?' if match else ""
