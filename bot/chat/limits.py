"""What both platforms can show: the stricter figure of Slack and Discord, and how it is counted."""

import regex

TITLE = 150  # Slack's header; Discord has no title in Components V2
LABEL = 75  # Slack's button and option text; Discord allows 80 and 100
DESCRIPTION = 75  # Slack's option description; Discord allows 100
PLACEHOLDER = 150
OPTIONS = 25  # Discord's select; Slack allows 100
BUTTONS_A_ROW = 5  # Discord's action row
BUTTONS = 25  # elements of Slack's actions block; five rows of Discord's
FORM_TITLE = 24  # Slack's modal title; Discord allows 45
FORM_FIELDS = 5  # Discord's modal components; Slack allows 100 blocks
FIELD_LABEL = 45  # Discord's label
FIELD_INPUT = 3000  # Slack's plain_text_input; Discord allows 4000
PROSE = 2900  # Slack's section text is 3000, and escaping makes text longer
LISTING = 2800  # with the marks of a code block within Slack's section text
ALT = 1000  # what is said instead of a picture: Discord's description; Slack allows 2000
CHART_TITLE = 50  # Slack's chart
CHART_LABEL = 60  # what a line of a picture has room for; Slack's chart cuts at 20
CHART_POINTS = 20  # Slack's chart
ACTION = 100  # Discord's custom_id
SHOWN = 3800  # all text of a message: Discord shows 4000, the margin is for what a renderer adds
COMPONENTS = 40  # Discord's components in a message, nested ones counted
BLOCKS = 50  # Slack's blocks in a message

_GRAPHEME = regex.compile(r"\X")


def length(text: str) -> int:
    """The larger of code points and UTF-16 units: the platforms count emoji differently."""
    # UTF-16 never takes fewer units than there are code points; counting in C keeps cards fast.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """`text` within `limit`, ended by an ellipsis where it was longer; never cuts a grapheme."""
    if length(text) <= limit:
        return text
    kept, room = [], limit - 1
    for grapheme in _GRAPHEME.findall(text):
        room -= length(grapheme)
        if room < 0:
            break
        kept.append(grapheme)
    return "".join(kept).rstrip() + "…"
