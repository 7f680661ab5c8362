"""The errors a user can cause or meet; every message names the thing and what to do about it."""


class ImsearchError(Exception):
    """Something failed: shown as it stands on a page, exit code 1 on the command line."""


class UsageError(ImsearchError):
    """The request itself is wrong (unknown class, missing folder): exit code 2."""


class BadImage(ImsearchError):
    """A picture that cannot be read; the message is the reason, without the file's name."""
