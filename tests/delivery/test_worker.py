"""The promise, as stories: one reminder a week, whatever fails, and never two."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

import pytest

from bot.adapter import Rates, Refused, RetryAfter, TokenDead, Unknown
from bot.delivery.pacing import LEASE_SECONDS
from bot.delivery.worker import Worker
from bot.planning.occurrences import WINDOW_MINUTES
from bot.records import PlanStep
from bot.store.database import Transaction
from bot.store.facade import Store
from tests.delivery.town import RATES, Post, Town, on, work
from tests.stories import Clock, labels, words

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


async def a_week(worker: Worker, clock: Clock, weeks: int = 1) -> None:
    """Let so many weeks pass, with a look around before and after every reminder's hour."""
    for _ in range(weeks):
        clock.forward(days=7, minutes=-WINDOW_MINUTES)
        await work(worker)
        clock.forward(minutes=WINDOW_MINUTES)
        await work(worker)


async def test_a_reminder_arrives_once_at_its_hour(town: Town, post: Post, worker: Worker) -> None:
    ana = await town.settle("ana")
    await work(worker)
    assert post.users == []

    town.clock.now = MORNING
    for _ in range(WINDOW_MINUTES + 1):
        await work(worker)
        town.clock.forward(minutes=1)
    assert post.users == ["ana"]
    late = (post.arrivals[0].at - MORNING).total_seconds()
    assert 0 <= late <= WINDOW_MINUTES * 60

    (delivery,) = await town.deliveries(ana)
    assert (delivery.state, delivery.kind, delivery.local_date) == ("sent", "weekly", on(23))
    assert (await town.rule(ana)).next_at == int(datetime(2026, 11, 30, 8, tzinfo=UTC).timestamp())


async def test_two_processes_send_it_once(town: Town, post: Post) -> None:
    for number in range(30):
        await town.settle(f"user-{number}")
    town.clock.now = MORNING.replace(minute=30)
    processes = [town.worker(post) for _ in range(3)]
    for process in processes:
        await process.poll()
    for process in processes:
        await process.drained()
    assert sorted(post.users) == sorted(f"user-{number}" for number in range(30))


async def test_after_an_outage_one_comes_and_not_three(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = datetime(2026, 12, 10, 12, tzinfo=UTC)
    await work(worker)
    await work(worker)
    assert post.users == ["ana"]
    (delivery,) = await town.deliveries(ana)
    assert delivery.local_date == on(7, 12)


async def test_what_a_platform_held_up_for_weeks_comes_once(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    post.script.extend([RetryAfter(60 * 60 * 24 * 6)] * 2)
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 3)
    days = [arrival.at.date() for arrival in post.arrivals]
    assert len(days) == len(set(days)) == 2


# What platforms answer


async def test_a_limit_is_waited_out_and_spends_no_attempt(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    post.script.extend([RetryAfter(2.5)] * 20)
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for _ in range(20):
        town.clock.forward(seconds=2.4)
        before = len(post.calls)
        await work(worker)
        assert len(post.calls) == before, "it was asked again too early"
        town.clock.forward(seconds=0.1)
        await work(worker)
    assert post.users == ["ana"]
    assert (await town.deliveries(ana))[0].attempts == 1


async def test_a_limited_workspace_holds_up_no_other(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana", tenant="T1")
    for number in range(5):
        await town.settle(f"bo-{number}", tenant="T2")
    town.clock.now = MORNING.replace(minute=30)
    post.once["ana"] = RetryAfter(300)
    await work(worker)
    assert sorted(post.users) == [f"bo-{number}" for number in range(5)]

    town.clock.forward(seconds=300)
    await work(worker)
    assert len(post.users) == len(set(post.users)) == 6


async def test_a_limited_conversation_holds_up_no_other(
    town: Town, post: Post, worker: Worker
) -> None:
    for number in range(5):
        await town.settle(f"user-{number}")
    town.clock.now = MORNING.replace(minute=30)
    post.script.append(RetryAfter(300, alone=True))
    await work(worker)
    assert len(post.users) == 4
    town.clock.forward(seconds=300)
    await work(worker)
    assert len(set(post.users)) == 5


async def test_a_revoked_workspace_gets_not_one_more_call(
    town: Town, post: Post, worker: Worker
) -> None:
    users = [f"user-{number}" for number in range(10)]
    for user in users:
        await town.settle(user, tenant="T1")
    await town.settle("elsewhere", tenant="T2")
    await town.database.transact(
        lambda tx: Store(tx).tenants.set("slack", "T1", "removed", town.epoch)
    )
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 2)
    assert set(post.calls) == {"elsewhere"}

    await town.database.transact(
        lambda tx: Store(tx).tenants.set("slack", "T1", "active", town.epoch)
    )
    await a_week(worker, town.clock)
    assert sorted(set(post.users) - {"elsewhere"}) == users


async def test_a_dead_token_switches_the_workspace_off(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    post.script.append(TokenDead("token_revoked"))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 2)
    assert post.calls == ["ana"]


async def test_who_cannot_be_reached_is_paused_and_told(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    post.script.append(Refused("403, code 50007"))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 4)
    assert post.calls == ["ana"], "a closed door is not knocked at again"
    assert (await town.rule(ana)).state == "paused"
    assert (await town.deliveries(ana))[0].reason == "403, code 50007"

    chat = town.chat("ana")
    await chat.command("/compare")
    assert "I could not send you a direct message" in chat.said
    await chat.command("/compare")
    assert "direct message" not in chat.said


# Nobody knows how it ended


async def test_discord_is_asked_again_with_the_same_nonce(town: Town, post: Post) -> None:
    ana = await town.settle("ana", "discord")
    worker, post.knows_nonces = town.worker(post, "discord"), True
    post.script.append(Unknown("the connection broke"))  # it had arrived
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for _ in range(3):
        town.clock.forward(seconds=15)
        await work(worker)
    assert (post.users, len(post.calls)) == (["ana"], 2)
    (delivery,) = await town.deliveries(ana)
    assert (delivery.state, delivery.attempts) == ("sent", 2)


async def test_discord_is_not_asked_again_once_it_has_forgotten_the_nonce(
    town: Town, post: Post
) -> None:
    await town.settle("ana", "discord")
    worker = town.worker(post, "discord")
    post.script.append(Unknown("the connection broke"))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    town.clock.forward(seconds=RATES["discord"].nonce_seconds + 1)
    await work(worker)
    assert post.users == ["ana"]
    assert worker.counts["unknown"] == 1


async def test_where_nobody_can_tell_it_is_not_sent_twice(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    post.script.append(None)
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    town.clock.forward(minutes=1)
    await work(worker)
    assert (post.users, len(post.calls), worker.counts["unknown"]) == ([], 1, 1)
    (delivery,) = await town.deliveries(ana)
    assert delivery.reason == "Slack never said whether it arrived"
    await a_week(worker, town.clock)
    assert post.users == ["ana"], "the week after it comes as always"


@pytest.mark.parametrize("had_arrived", [True, False])
async def test_where_the_history_tells_it_is_sent_again_only_if_it_is_not_there(
    town: Town, post: Post, worker: Worker, had_arrived: bool
) -> None:
    await town.settle("ana")
    post.can_look_up = True
    post.script.append(Unknown("reset") if had_arrived else None)
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for _ in range(2):
        town.clock.forward(seconds=30)
        await work(worker)
    assert post.users == ["ana"]
    assert len(post.calls) == (1 if had_arrived else 2)


# Processes that end


async def test_what_a_process_had_claimed_is_sent_by_the_next(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await town.enqueue("slack")
    epoch = town.epoch
    (claim,) = await town.database.transact(
        lambda tx: Store(tx).claims.claim("slack", "T1", epoch, epoch + LEASE_SECONDS, 5)
    )
    await work(worker)
    assert post.users == [], "it is not its own as long as the lease runs"
    town.clock.forward(seconds=LEASE_SECONDS)
    await work(worker)
    assert post.users == ["ana"]

    late = await town.database.transact(
        lambda tx: Store(tx).attempts.settle(claim, "refused", "too late", town.epoch)
    )
    assert late is None, "whoever held it before can no longer change it"


async def test_a_worker_that_stops_gives_back_what_has_not_left(town: Town, post: Post) -> None:
    for number in range(20):
        await town.settle(f"user-{number}")
    town.clock.now = MORNING.replace(minute=30)
    slow = town.worker(post, rates={"slack": Rates(3.0)})  # so slowly that most are still to come
    await slow.poll()
    await slow.stop()
    sent = len(post.users)
    assert sent < 20
    await work(town.worker(post))  # without waiting for any lease
    assert len(post.users) == len(set(post.users)) == 20


# What the plan says


async def test_a_paused_plan_is_left_in_peace(town: Town, post: Post, worker: Worker) -> None:
    ana = await town.settle("ana")
    await _update(town, ana, state="paused", paused_on=on(23))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    assert post.users == []
    (delivery,) = await town.deliveries(ana)
    assert (delivery.state, delivery.reason) == ("skipped", "your plan was paused")
    await _update(town, ana, state="active", paused_on=None)
    await a_week(worker, town.clock)
    assert post.users == ["ana"]


async def test_without_a_plan_there_is_nothing_to_say(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    await _update(town, ana, state="ended")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    assert post.users == []
    assert (await town.rule(ana)).state == "stopped"


async def test_a_finished_plan_is_congratulated_once(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    [plan] = await town.database.transact(lambda tx: Store(tx).plans.current(ana))
    for step in plan.steps:
        done = PlanStep(step.id, "done", town.epoch)
        await town.database.transact(partial(_mark, plan=plan.id, step=done))
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 3)
    assert [arrival.message.title for arrival in post.arrivals] == ["You’ve done it"]
    assert (await town.rule(ana)).state == "stopped"


async def _mark(transaction: Transaction, plan: str, step: PlanStep) -> None:
    await Store(transaction).plans.update_step(plan, step)


async def _move(transaction: Transaction, member: str, zone: str, now: int) -> None:
    await Store(transaction).members.set_zone(member, zone, now)


async def _update(town: Town, member: str, **changes: object) -> None:
    [plan] = await town.database.transact(lambda tx: Store(tx).plans.current(member))
    changed = replace(plan, **changes)  # type: ignore[arg-type]
    await town.database.transact(lambda tx: Store(tx).plans.update(changed, town.epoch))


# Nobody answers


async def test_whoever_does_not_answer_is_asked_and_then_left_alone(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    await a_week(worker, town.clock, 7)
    kinds = [d.kind for d in reversed(await town.deliveries(ana))]
    assert kinds == ["weekly", "weekly", "asking", "asking", ""]
    assert "Shall I keep sending them?" in words(post.arrivals[2].message)
    assert "Keep sending them" in labels(post.arrivals[2].message)
    assert (await town.rule(ana)).state == "paused"

    chat = town.chat("ana")
    await chat.command("/progress")
    assert "has paused itself" in chat.said


async def test_any_word_from_the_member_counts_as_an_answer(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for _ in range(6):
        town.clock.forward(hours=1)
        await town.chat("ana").command("/plan")
        town.clock.forward(hours=-1)
        await a_week(worker, town.clock)
    kinds = [delivery.kind for delivery in await town.deliveries(ana)]
    assert kinds == ["weekly"] * 7


# Zones and hours that change


async def test_a_changed_hour_never_sends_twice_in_a_local_week(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for day in range(7):
        await town.change(ana, weekday=day % 7, minute=10 * 60)
        for _ in range(8):
            town.clock.forward(hours=3)
            await work(worker)
    weeks = [arrival.at.isocalendar().week for arrival in post.arrivals]
    assert all(len(list(same)) == 1 for _, same in groupby(weeks))


async def test_an_hour_moved_before_it_left_comes_at_the_new_hour(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING  # written down, and not sent before its turn within ten minutes
    await town.enqueue("slack")
    await town.change(ana, minute=18 * 60)
    town.clock.now = MORNING.replace(hour=17, minute=30)
    await work(worker)
    assert post.users == ["ana"]


async def test_a_member_who_travels_gets_one_a_week(town: Town, post: Post, worker: Worker) -> None:
    ana = await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)
    await work(worker)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo", "Europe/Berlin") * 3:
        await town.database.transact(partial(_move, member=ana, zone=zone, now=town.epoch))
        for _ in range(10):
            town.clock.forward(hours=5)
            await work(worker)
    dates = [d.local_date.isocalendar()[:2] for d in await town.deliveries(ana)]
    assert len(dates) == len(set(dates)) >= 3


async def test_a_profile_that_moves_never_brings_a_second_one_in_a_week(
    town: Town, post: Post, worker: Worker
) -> None:
    ana = await town.settle("ana")
    person = town.chat("ana").person
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo", "Europe/Berlin") * 4:
        moved = person.model_copy(update={"zone": zone, "zone_at": town.epoch})
        await town.core.follow_zone(moved)
        assert (await town.rule(ana)).zone == zone
        for _ in range(10):
            town.clock.forward(hours=5)
            await work(worker)
    weeks = [d.local_date.isocalendar()[:2] for d in await town.deliveries(ana)]
    assert sorted(weeks) == [(2026, week) for week in range(49, 53)], "neither two nor none"
    assert len(post.users) == len(weeks)


async def test_who_is_no_member_stays_none_wherever_they_move(town: Town) -> None:
    stranger = town.chat("stranger").person.model_copy(update={"zone": "Asia/Tokyo"})
    await town.core.follow_zone(stranger)
    found = await town.database.transact(lambda tx: tx.fetch("SELECT * FROM members"))
    assert found == []


async def test_a_late_word_about_an_old_token_leaves_a_new_install_on(
    town: Town, post: Post, worker: Worker
) -> None:
    await town.settle("ana")
    town.clock.now = MORNING.replace(minute=30)

    async def install_meanwhile(*_: object) -> TokenDead:
        town.clock.forward(seconds=5)
        await town.database.transact(
            lambda tx: Store(tx).tenants.set("slack", "T1", "active", town.epoch)
        )
        post.send = send  # type: ignore[method-assign]
        return TokenDead("token_revoked")

    send = post.send
    post.send = install_meanwhile  # type: ignore[assignment, method-assign]
    await work(worker)
    await work(worker)
    assert post.users == ["ana"]
