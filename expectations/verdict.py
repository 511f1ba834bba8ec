"""What a suite says about a frame: `Verdict` and `Failure`. Plain data, no library."""

from __future__ import annotations

from dataclasses import dataclass

CRITICAL = "critical"
WARNING = "warning"
INFO = "info"
SEVERITIES = (CRITICAL, WARNING, INFO)


@dataclass(frozen=True)
class Failure:
    """One expectation that does not hold.

    `unexpected_rows` are positions in the validated frame (0 = first row), at most
    `runner.ROWS_KEPT` of them; empty where the failure is of the table as a whole. `notes` is why
    the expectation exists, as the suite says.
    """

    expectation: str
    column: str
    severity: str
    message: str
    unexpected_rows: tuple[int, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Verdict:
    """A suite's judgement of one frame."""

    suite: str
    rows: int
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Return whether nothing critical failed."""
        return not self.critical

    @property
    def critical(self) -> tuple[Failure, ...]:
        """Return the failures that keep the frame from being used."""
        return tuple(failure for failure in self.failures if failure.severity == CRITICAL)

    @property
    def warnings(self) -> tuple[Failure, ...]:
        """Return the failures that a person should look at, and that stop nothing."""
        return tuple(failure for failure in self.failures if failure.severity == WARNING)

    @property
    def reason(self) -> str:
        """Return one sentence: the gravest failure, and how many more there are."""
        gravest = self.critical or self.warnings or self.failures
        if not gravest:
            return f"all expectations hold for {self.rows:,} rows"
        others = len(self.failures) - 1
        return gravest[0].message + (f" (and {others} more failures)" if others else "")
