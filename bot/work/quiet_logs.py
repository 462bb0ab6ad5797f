"""Keeps the engine's libraries quiet: no console of its own, no URLs, no foreign error messages."""

import logging


class _ClassNamesOnly(logging.Filter):
    """Drops what we report ourselves, and cuts foreign exceptions down to their class."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        record.exc_info = None
        record.exc_text = None
        if error is None:
            return True
        if type(error).__name__ == "JobFailed":
            return False
        record.msg = f"{record.getMessage()} {type(error).__name__}"
        record.args = ()
        return True


def quieten() -> None:
    """Send the libraries' warnings through the application's logging, ids and class names only."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logger = logging.getLogger("dbos")
    # With a handler in place DBOS does not add its console handler.
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.WARNING)
    if not any(isinstance(f, _ClassNamesOnly) for f in logger.filters):
        logger.addFilter(_ClassNamesOnly())
