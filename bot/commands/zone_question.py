"""Asking where a member's clocks are, for every card that needs to know."""

from bot.calendar.dates import wall_clock
from bot.calendar.zones import find_zones, say_zone
from bot.chat.actions import OpenForm, Pick
from bot.chat.form import Form, TextField
from bot.chat.limits import DESCRIPTION, LABEL, OPTIONS, cut
from bot.chat.parts import Button, Menu, Option
from bot.commands.cards import form_of
from bot.commands.context import Context

NO_SUCH_PLACE = "I know no such place. Try a large city near you, a country, or UTC+2."


def menu(context: Context, query: str = "") -> Menu:
    """The zones that fit what was typed, else the common ones, each with what its clocks show."""
    found = find_zones(query, OPTIONS, context.now)
    return Menu(
        action=Pick(context.ticket, "zone"),
        placeholder="Choose a time zone",
        options=tuple(_option(context, zone) for zone in found),
    )


def search_button(context: Context) -> Button:
    return Button(label="Search for a city", action=OpenForm(context.ticket, "city"))


def fitting(query: str) -> str:
    """What stands over a menu of the places that were found."""
    return f"Places that fit “{cut(query, 40)}”:"


def form(context: Context, typed: str = "", error: str = "") -> Form:
    return form_of(
        context,
        "Your time zone",
        TextField(
            name="city",
            label="City, country or offset",
            hint="For example: Nairobi, Portugal, UTC+5:30",
            value=typed,
            most=60,
        ),
        error,
    )


def fits_any(context: Context, typed: str) -> bool:
    """Whether some place goes by what was typed."""
    return bool(typed.strip() and find_zones(typed, 1, context.now))


def _option(context: Context, zone: str) -> Option:
    now = f"now {wall_clock(zone, context.now)}"
    return Option(value=zone, label=cut(say_zone(zone), LABEL), description=cut(now, DESCRIPTION))
