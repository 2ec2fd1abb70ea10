"""How large a file of somebody else may be. What is beyond is refused whole, before it costs memory or time."""

from core.errors import Refused

LARGEST_FILE = 5_000_000
"""Bytes of the file as it comes."""
MOST_FILES = 500
"""Files in a zip."""
LARGEST_PART = 1_000_000
"""Bytes of one file of a zip, unpacked; so also of the largest XML we read."""
MOST_UNPACKED = 20_000_000
"""Bytes of all files of a zip together, unpacked."""
HIGHEST_RATIO = 100
"""Unpacked to packed. Text shrinks to a tenth, a bomb to a thousandth."""
DEEPEST = 40
MOST_ELEMENTS = 20_000
"""Of one XML file: how deep elements are nested, and how many there are."""
MOST_QUESTIONS = 99
"""A lesson numbers its questions q01 to q99."""
MOST_OPTIONS = 26
"""Options are lettered a to z."""
LONGEST_TEXT = 2_000
"""Characters of one stem, option or feedback."""


class FileRefused(Refused):
    """The file can not be taken, and nothing of it was."""

    code = "file_refused"


def text_of(data: bytes, name: str) -> str:
    """UTF-8, with or without a byte order mark. Raises FileRefused."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"{name} is not UTF-8 text; save it as UTF-8 and try again") from None
