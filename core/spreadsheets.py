"""Text that a spreadsheet opens: a name such as "=HYPERLINK(...)" must stay a name."""

BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a CSV file for UTF-8 only when it begins with one."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """Spreadsheets run what looks like a formula, unless an apostrophe stands before it."""
    return f"'{text}" if text.lstrip("'").startswith(STARTS_A_FORMULA) else text


def as_meant(cell: str) -> str:
    """What `harmless` was given: the cell without the apostrophe that it put there."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(STARTS_A_FORMULA) else cell
