"""One chart of each shape, with what is hard to draw."""

from bot.chat.base import Accent
from bot.chat.chart import Balance, Bar, Bars, Chart, Lead, Share, Week, Weeks

BLUE = Accent(light="#1B5FC1", dark="#6FA8FF")
AMBER = Accent(light="#9A5B00", dark="#F5B14C")

PAY = Chart(
    title="Pay",
    figure=Bars(
        unit="$",
        bars=(
            Bar(label="Wizard, Entry", said="$1–$2", low=1, high=2, accent=BLUE),
            Bar(
                label="Witch, Senior, top-tier employers of WWWWWW and MMMMMM",
                said="$350,000–$550,000",
                low=350_000,
                high=550_000,
                note="total compensation, as several people remember it; others remember it less",
                accent=AMBER,
            ),
        ),
    ),
)
INTERVIEWS = Chart(
    title="What they ask about, and how far you are with it",
    figure=Bars(
        unit="%",
        bars=(
            Bar(label="Coding", said="80%", high=80),
            Bar(label="R&D <system> design", said="0%", high=0),
        ),
    ),
)
RESULT = Chart(
    title="How your answers add up",
    figure=Balance(
        shares=(
            Share(label="Wizard", said="9 of 18 points", share=0.5, accent=BLUE),
            Share(label="Witch", said="8 of 18 points", share=8 / 18, accent=AMBER),
        ),
        leads=(Lead(label="leaning", share=0.15), Lead(label="clear", share=0.3)),
    ),
)
PROGRESS = Chart(
    title="Your weeks",
    figure=Weeks(
        accent=BLUE,
        weeks=tuple(
            Week(label=f"{day} Nov", planned=8, done=None if day > 9 else day * 2)
            for day in range(1, 21)
        ),
    ),
)
CHARTS = {"ranges": PAY, "bars": INTERVIEWS, "balance": RESULT, "weeks": PROGRESS}
