"""What can go wrong between a snapshot and a PostgreSQL server; every message is one sentence.

Whatever is raised, readers of the server still have the whole version they had before.
"""

from orchestration.publishing.errors import PublishError


class PostgresError(PublishError):
    """The marts were not published to PostgreSQL; what its readers had before is untouched.

    `sqlstate` is the server's code of what it refused, empty where it gave none.
    """

    sqlstate = ""


class NoDriverError(PostgresError):
    """The driver for PostgreSQL is not installed."""


class NoServerError(PostgresError):
    """Nobody answers there, or the server went away while it was being written to."""


class AccessRefusedError(PostgresError):
    """The server knows neither this role nor this password, or lets nobody in from here."""


class MissingRightsError(PostgresError):
    """The role may connect but not do what publishing needs."""


class NotOursError(PostgresError):
    """The schema exists and was not made by this command, or by a newer version of it."""


class PublishingElsewhereError(PostgresError):
    """Another publish to the same schema is going on."""


class NoRoomError(PostgresError):
    """The server has no room left on its disk or in its memory."""


class BrokenMartError(PostgresError):
    """A mart of the snapshot breaks its key, its not-null columns or its row count."""
