"""What people type or paste, as it is read: nothing invisible, one sign for what looks alike."""

import unicodedata

_ALIKE = {"\N{MINUS SIGN}": "-", "’": "'", "‘": "'", "´": "'", "`": "'"}


def tidy(typed: str) -> str:
    """Lower case, one space between words, every dash a hyphen, nothing invisible."""
    return " ".join(visible(typed).casefold().split())


def visible(typed: str) -> str:
    """The characters that can be seen, each in its plainest form."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", typed)))


def _plain(char: str) -> str:
    if char.isascii() and char.isprintable():
        return char
    match unicodedata.category(char):
        case "Cf" | "Cs" | "Co" | "Cn":  # direction marks, joiners, halves of a pair
            return ""
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Pd":
            return "-"
        case "Mn" if "\ufe00" <= char <= "\ufe0f":  # how the sign before it is drawn
            return ""
        case _:
            return _ALIKE.get(char, char)
