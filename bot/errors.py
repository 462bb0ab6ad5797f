"""Every error Fluister raises on purpose, drawn as one tree.

FluisterError
├── ConfigError      a setting is wrong: which one, what was found, what is allowed
├── PolicyError      a policy file is wrong: file, line, column, found, allowed, nearest
├── StorageError     the database refused; the message says which operation, never the data
├── SettingError     a change a person asked for cannot be made; the text is for that person
└── DeliveryError    the outside world refused; permanent or worth another try

No message of any of these ever carries the text of somebody's message.
"""


class FluisterError(Exception):
    """The common root: catching it catches every deliberate failure."""


class ConfigError(FluisterError):
    """A setting or key is wrong; says which, what was found and what is allowed."""


class PolicyError(FluisterError):
    """A policy file cannot be used as it stands."""


class StorageError(FluisterError):
    """The database refused an operation; nothing was half written."""


class SettingError(FluisterError):
    """A change somebody asked for is not possible; `key` names the user text that says why."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class DeliveryError(FluisterError):
    """A platform or mail server refused.

    `permanent` says that trying again is pointless. `retry_after` is in seconds, where the other
    side gave one. `uncertain` says it may have been done after all (the answer was lost).
    """

    def __init__(
        self,
        what: str,
        *,
        permanent: bool,
        retry_after: float | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(what)
        self.permanent = permanent
        self.retry_after = retry_after
        self.uncertain = uncertain
