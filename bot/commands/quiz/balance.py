"""A verdict as a picture: what each role got, and how far ahead it would have to be."""

from bot.chat.chart import Balance, Chart, Lead, Share
from bot.commands.cards import accent_of
from bot.commands.quiz.scoring import Verdict
from bot.commands.quiz.verdict import name_of
from bot.pack.model import Pack


def balance(pack: Pack, verdict: Verdict) -> Chart:
    """One bar a role, in the pack's order, so that a retake can be compared at a glance."""
    thresholds = pack.quiz.thresholds
    shares = tuple(
        Share(
            label=name_of(pack, role.id),
            said=f"{verdict.points[role.id]} of {verdict.possible} points",
            share=verdict.points[role.id] / verdict.possible,
            accent=accent_of(pack, role.id),
        )
        for role in pack.roles
    )
    leads = (
        Lead(label="leaning", share=thresholds.leaning),
        Lead(label="clear", share=thresholds.clear),
    )
    return Chart(title="How your answers add up", figure=Balance(shares=shares, leads=leads))
