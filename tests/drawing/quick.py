"""A process that draws nothing: it says what it was asked, and who it is."""

import os

from appraisal import drawing


def draw(text: str) -> str:
    if text == "impossible":
        raise ValueError(text)
    while text == "endless":
        pass
    return f"<svg>{text}, by {os.getpid()}</svg>"


if __name__ == "__main__":
    drawing.LONGEST = 0.3
    drawing.begin(draw)
