"""Numbers in sentences."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 picture", "1,000 pictures", "2 classes": a number and a noun; its plural is `many` or ends in s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
