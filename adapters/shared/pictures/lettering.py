"""How wide letters are in Open Sans: near enough to break lines, and never too little."""

EM_OF = {
    **dict.fromkeys("ijl|'’‘.,:;!", 0.28),
    **dict.fromkeys('Ift()[]- “”"', 0.40),
    **dict.fromkeys("rsczJ/", 0.5),
    **dict.fromkeys("abdeghknopquvxyFELSTZ", 0.63),
    **dict.fromkeys("0123456789$€–+·?", 0.59),
    **dict.fromkeys("ABCDGHKNOPQRUVXY&=", 0.80),
    **dict.fromkeys("mwMW%—…", 0.98),
    " ": 0.27,
}
WIDEST = 1.1  # a letter that is not among them
BOLDER = 1.06


def width(text: str, size: float, *, bold: bool = False) -> float:
    """At most so many units at the font size `size`."""
    return sum(EM_OF.get(letter, WIDEST) for letter in text) * size * (BOLDER if bold else 1)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """`text` in lines that fit into `room`; a word that is wider has a line of its own."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and width(longer, size, bold=bold) <= room:
            found[-1] = longer
        else:
            found.append(word)
    return found
