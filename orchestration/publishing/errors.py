"""What can go wrong between a staged file and its readers; every message is one sentence."""


class PublishError(Exception):
    """The marts were not published, or cannot be read; what readers had before is untouched."""


class PublishLocked(PublishError):  # noqa: N818 - a state of the zone, named as such
    """Another publish or rollback holds the zone."""


class AuditFailed(PublishError):  # noqa: N818 - a verdict, named as such
    """A mart failed its suite; the message names mart, expectation, column and an example."""


class NoSnapshot(PublishError):  # noqa: N818 - a state of the zone, named as such
    """There is no published snapshot, or it is damaged."""


class NothingToRollBackTo(PublishError):  # noqa: N818 - a state of the zone, named as such
    """No older snapshot is whole."""


class QueryError(PublishError):
    """A statement that the published marts cannot answer."""
