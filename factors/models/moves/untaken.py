"""What of a run of MOVES was not taken, or was put together, as facts; `said` words them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableNotTaken:
    """A table of rates per vehicle that there is, which no work asks for."""

    file: str
    kind: str


@dataclass(frozen=True)
class FuelsNotTaken:
    """Fuels, by MOVES's numbers, that no truck here burns."""

    file: str
    fuel_ids: tuple[int, ...]


@dataclass(frozen=True)
class PollutantsNotTaken:
    """Pollutants by MOVES's numbers, with their names where they are known (else empty)."""

    file: str
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ProcessesNotTaken:
    """Processes by MOVES's numbers."""

    file: str
    process_ids: tuple[int, ...]


@dataclass(frozen=True)
class RoadsTogether:
    """A run that does not tell road types apart."""

    file: str


@dataclass(frozen=True)
class SlowestBinNotTaken:
    """A run with rates of the speed bin below 2.5 mph."""

    file: str


@dataclass(frozen=True)
class MeanOfTimes:
    """Rates that are the plain mean of several months, days or hours."""

    file: str
    times: int


@dataclass(frozen=True)
class ActivityMissing:
    """Masses of a need that nobody asks for, without the activity that would make them rates."""

    file: str
    need: str
    activity_file: str
    activity_type: str


Untaken = (
    TableNotTaken
    | FuelsNotTaken
    | PollutantsNotTaken
    | ProcessesNotTaken
    | RoadsTogether
    | SlowestBinNotTaken
    | MeanOfTimes
    | ActivityMissing
)


def said(fact: Untaken) -> str:
    """Return the sentence of a fact, as a method's departures and the command line print it.

    Examples
    --------
    >>> said(PollutantsNotTaken("rates.csv", ((91, "Total Energy Consumption"), (116, ""))))
    'rates.csv: pollutants not taken: 91 (Total Energy Consumption), 116'
    """
    match fact:
        case TableNotTaken(file, kind):
            return f"{file}: {kind} is not taken: it is per vehicle there is, not per mile, hour or start"
        case FuelsNotTaken(file, numbers):
            return f"{file}: fuels {_listed(numbers)} are not taken (diesel 2 and CNG 3 are)"
        case PollutantsNotTaken(file, names):
            named = ", ".join(f"{number} ({name})" if name else str(number) for number, name in names)
            return f"{file}: pollutants not taken: {named}"
        case ProcessesNotTaken(file, numbers):
            return f"{file}: processes not taken: {_listed(numbers)}"
        case RoadsTogether(file):
            return f"{file}: all road types together"
        case SlowestBinNotTaken(file):
            return f"{file}: the speed bin below 2.5 mph is not taken; slower trucks take the one named 5 mph"
        case MeanOfTimes(file, times):
            return f"{file}: rates are the plain mean of {times} months, days or hours"
        case ActivityMissing(file, need, activity_file, activity_type):
            return f"{file} has {need} and {activity_file} has no activity of type {activity_type}: not taken"


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
