"""The output of MOVES: read, told apart, and taken by a method."""

from factors.models.moves.reading import MovesError as MovesError
from factors.models.moves.reading import MovesRun as MovesRun
from factors.models.moves.reading import read_moves as read_moves
