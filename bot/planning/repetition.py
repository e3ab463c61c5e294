"""When a question comes again: FSRS's interval in whole days, before the interview."""

from datetime import UTC, date, datetime, timedelta

from fsrs import Card, Scheduler, State
from fsrs import Rating as Grade

from bot.records import Rating, Recall

# Without steps of minutes every interval is a day or more; without fuzz the same ratings always
# make the same dates.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_GRADES: dict[Rating, Grade] = {
    "again": Grade.Again,
    "hard": Grade.Hard,
    "good": Grade.Good,
    "easy": Grade.Easy,
}
_A_DAY = timedelta(1)


def rated(
    known: Recall | None,
    pack: str,
    question: str,
    rating: Rating,
    now: datetime,
    today: date,
    interview: date | None,
) -> Recall:
    """The question after a rating at `now` (UTC), which is `today` for the member."""
    after, _ = _SCHEDULER.review_card(_card(known, now), _GRADES[rating], now)
    if after.stability is None or after.difficulty is None:
        raise ValueError("FSRS left a reviewed card without a state")
    return Recall(
        pack=pack,
        question=question,
        begun_on=known.begun_on if known else today,
        reviewed_at=int(now.timestamp()),
        rating=rating,
        stability=after.stability,
        difficulty=after.difficulty,
        reps=known.reps + 1 if known else 1,
        due_on=due_on(after.stability, today, today, interview),
    )


def due_on(stability: float, reviewed_on: date, today: date, interview: date | None) -> date:
    """When a question that was reviewed on a day comes again: no later than an interview's eve.

    What is rated on the eve itself comes again on the interview's morning. An interview that is
    today or over moves nothing.
    """
    # At the retention that FSRS aims for unless told otherwise, its interval is the stability.
    due = reviewed_on + max(_A_DAY, timedelta(round(stability)))
    if interview is None or interview <= today:
        return due
    return min(due, max(interview - _A_DAY, today + _A_DAY))


def _card(known: Recall | None, now: datetime) -> Card:
    # With an id and a date of its own: fsrs would read the clock, and sleep.
    if known is None:
        return Card(card_id=1, due=now)
    return Card(
        card_id=1,
        state=State.Review,
        stability=known.stability,
        difficulty=known.difficulty,
        due=now,
        last_review=datetime.fromtimestamp(known.reviewed_at, UTC),
    )
