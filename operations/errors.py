"""What goes wrong with the store as a whole; apart, so that it can be caught without SQLAlchemy."""


class StoreUnavailableError(Exception):
    """The operational store cannot be opened; the message says why, without its address."""
