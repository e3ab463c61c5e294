"""How lengths, counts and a plan's standing are said."""

from bot.calendar.dates import DAYS, say_date, say_time
from bot.calendar.zones import say_zone
from bot.chat.limits import cut
from bot.pack.learning import Step
from bot.planning.occurrences import PAUSE_AFTER, WINDOW_MINUTES
from bot.planning.replan import SUSTAINABLE_HOURS
from bot.planning.schedule import DAYS_A_WEEK, Honest
from bot.planning.status import Entry, PlanStatus
from bot.records import Hours, Rule

LABEL_SHOWN = 30
"""How many characters of a button's label Slack shows on a phone."""
_IN_WEEKS = 2 * DAYS_A_WEEK
"""From how many days on a length is said in weeks."""


def count(number: Hours, one: str, many: str = "") -> str:
    """As "1 step", "3 steps"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def span(days: int) -> str:
    """A length of time: "1 day", "3 weeks", "about 5 weeks"."""
    if days < _IN_WEEKS:
        return count(days, "day")
    weeks, rest = divmod(days, DAYS_A_WEEK)
    return f"about {count(round(days / DAYS_A_WEEK), 'week')}" if rest else count(weeks, "week")


def listed(names: list[str], word: str = "and") -> str:
    """As "a", "a and b", "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def alternatives(names: list[str]) -> str:
    """As "a", "a or b", "a, b or c"."""
    return listed(names, "or")


def upper_first(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def hours(step: Step) -> str:
    return f"{step.hours} h"


def phase(step: Step) -> str:
    """A phase's name without the time that the article gives it: a member's own pace differs."""
    name = step.phase.partition(": ")[2] or step.phase
    return upper_first(name)


_YEARS_FROM = 104
"""From how many weeks on a plan is longer than most people keep one."""


def honestly(honest: Honest, pace: Hours, kept_at: int) -> str:
    """A plan's length against the honest timeline; `kept_at` is the pace that the pack assumes."""
    weeks = count(honest.weeks, "week")
    at = f"At {count(pace, 'hour')} a week, your plan takes {weeks}"
    assumed = f" We assume {count(kept_at, 'hour')} a week for this plan."
    if pace == kept_at:
        assumed = " That’s the pace we assume for this plan."
    if honest.weeks >= _YEARS_FROM:
        years = round(honest.weeks / 52)
        return (
            f"{at}: about {years} years. Few people keep a plan going for that long, and the"
            " tools will have changed by then. Can you find more hours, or start with one phase?"
            f"{assumed}"
        )
    if pace > SUSTAINABLE_HOURS:
        return (
            f"{at}, if you keep that up every week. That’s close to a full-time job: expect weeks"
            f" in which you can’t, and some steps need calendar time however fast you are.{assumed}"
        )
    match honest.verdict:
        case "shorter":
            return (
                f"{at}, {count(honest.by, 'week')} less than that."
                f" The plan covers its steps only, so allow for more time.{assumed}"
            )
        case "longer":
            return (
                f"{at}, {count(honest.by, 'week')} more than that. A few more hours a week would"
                f" shorten it.{assumed}"
            )
        case "within":
            return f"{at}, which is within that.{assumed}"
        case "unstated":
            return f"{at}.{assumed}"


def due(look: PlanStatus, entry: Entry) -> str:
    """When a step's turn is: "by Sun 29 Nov", "was due Sun 29 Nov", "Mon 7 Dec to Sun 20 Dec"."""
    if entry.slot is None:
        return ""
    starts, ends = (say_date(day, look.today) for day in (entry.slot.starts, entry.slot.ends))
    if entry.slot.ends < look.today:
        return f"was due {ends}"
    return f"by {ends}" if entry.slot.starts <= look.today else f"{starts} to {ends}"


def brief(title: str, before: str = "", limit: int = LABEL_SHOWN) -> str:
    """A step's title on a button."""
    return cut(before + title, limit)


def standing(look: PlanStatus) -> str:
    """How a plan stands, in a sentence or two."""
    plan, today = look.plan, look.today
    finish, target = say_date(look.finish, today), say_date(look.target, today)
    if not look.left:
        return f"You’re through all of it: {count(len(look.done), 'step')} done."
    if plan.paused_on:
        return (
            f"Your plan has been paused since {say_date(plan.paused_on, today)}. Nothing becomes"
            " late meanwhile: when you resume, every date moves by the length of the pause."
            f" If you resume today, you finish around {finish}."
        )
    if plan.anchor_on > today and not look.done:
        return f"It starts on {say_date(plan.anchor_on, today)}, and you finish around {finish}."
    if look.behind_by > 0:
        return (
            f"At {count(plan.hours, 'hour')} a week you finish around {finish}:"
            f" {span(look.behind_by)} later than planned ({target})."
        )
    late = len(look.agenda.overdue)
    begun = (
        f"{count(late, 'step')} {'is' if late == 1 else 'are'} overdue, but you’re"
        if late
        else "You’re"
    )
    at = f"at {count(plan.hours, 'hour')} a week you finish around {finish}"
    if look.behind_by < 0:
        earlier = f"{span(-look.behind_by)} earlier than planned ({target})"
        return f"{begun} ahead: {at}, {earlier}."
    return f"{begun} on time: {at}."


def say_rule(rule: Rule) -> str:
    """As "Mondays between 09:00 and 09:10, Europe/Berlin"."""
    day = f"{DAYS[rule.weekday]}s" if rule.every == 1 else f"every other {DAYS[rule.weekday]}"
    until = (rule.minute + WINDOW_MINUTES) % (24 * 60)
    between = f"between {say_time(rule.minute)} and {say_time(until)}"
    return f"{day} {between}, {say_zone(rule.zone)}"


def say_rest(rule: Rule, closed_door: str) -> str:
    """Why a rule rests that the member has not put to rest; `closed_door` is their context's."""
    match rule.reason:
        case "ignored":
            return (
                f"Your weekly reminder has paused itself: {PAUSE_AFTER} in a row went unanswered."
            )
        case "refused":
            return (
                "Your weekly reminder is paused: I could not send you a direct message."
                f" {closed_door or 'It was refused.'}"
                " Then turn it on again in /reminders."
            )
        case "finished":
            return "Your plan is finished, so there is nothing left to remind you of."
        case _:
            return "Your plan has ended, so there is nothing left to remind you of."
