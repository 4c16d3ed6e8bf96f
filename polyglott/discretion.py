"""What no line of the log says: the token of a one-time link, which opens a door to whoever reads it."""

import logging
import re

_TOKEN = re.compile(r"/(set-up|join|device|new-password)/[\w-]{12,}")


class Discretion(logging.Filter):
    """Django names the path of every refused request, also of one whose link still opens something."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        record.msg, record.args = _TOKEN.sub(r"/\1/…", said), ()
        return True
