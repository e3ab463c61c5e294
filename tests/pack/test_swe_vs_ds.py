"""The pack on software and data: every figure is its row's, and each state says what is missing."""

import csv
import re
import shutil
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from textwrap import wrap

import pytest

from bot.chat.text import plain
from bot.pack.facts import Cited, Figure, ListSection, NoteSection, Topic, VersusSection
from bot.pack.load import check, load
from bot.pack.model import Pack
from bot.pack.rules import walk

ROOT = Path(__file__).parents[2] / "content" / "swe-vs-ds"
DATA = "data/oews-may-2025.csv"
SOC = {"💻": "15-1252", "📊": "15-2051"}
PHONE = 42  # characters of a line on a phone, of the narrower platform
SCREEN = 30  # lines of a phone's screen


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(ROOT)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (ROOT / DATA).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def state_rows(rows: list[dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["area"], row["soc"]): row for row in rows if row["area_type"] == "state"}


def regions(pack: Pack) -> list[Topic]:
    return [topic for topic in pack.topics if topic.id.startswith("states-")]


def lines_of_states(topics: list[Topic]) -> dict[str, str]:
    """What is said of each state, by its name."""
    lists = [one for topic in topics for one in topic.sections if isinstance(one, ListSection)]
    said = [plain(item).split(": ", 1) for one in lists for item in one.items]
    return dict(said)


def test_the_pack_has_nothing_to_report() -> None:
    report = check(ROOT, datetime.now(UTC).year)
    assert (report.errors, report.warnings) == ([], [])
    assert report.counts["plans"] == 6


def test_every_amount_with_a_source_names_its_row(pack: Pack) -> None:
    """And the check holds it against the row: see below what it says of a wrong one."""
    claims = [part for _, part in walk(pack) if isinstance(part, Cited) and part.sources]
    amounts = [one for one in claims if re.search(r"\d,\d{3}", repr(one))]
    assert len(amounts) >= 15
    assert all(one.data for one in amounts)
    assert {source for one in claims for source in one.sources} == {"oews"}


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("compare/pay.yaml", "value: $135,980", "value: $135,890", "shows 135,890"),
        ("compare/pay.yaml", "value: $135,980", "value: plenty", "hold 135,980, which it does not"),
        ("compare/pay.yaml", "low: 135980", "low: 135890", "135890 is not what its data hold"),
        ("compare/states-west.yaml", "RSE 12.8%", "RSE 2.8%", "shows 2.8"),
        ("compare/states-west.yaml", "(530 jobs)", "(350 jobs)", "hold 530, which it does not"),
        ("compare/states-west.yaml", "area: Utah", "area: Utopia", "no rows with soc"),
        (DATA, "135980", "999999", "hold 999,999, which it does not show"),
        ("sources.yaml", "  licence: public domain\n", "", "a dataset without 'licence'"),
    ],
)
def test_a_figure_that_is_not_its_rows_is_refused(
    tmp_path: Path, file: str, right: str, wrong: str, said: str
) -> None:
    root = shutil.copytree(ROOT, tmp_path / "pack")
    text = (root / file).read_text(encoding="utf-8")
    assert right in text
    (root / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    problems = [problem.text for problem in check(root, 2026).errors]
    assert any(said in problem for problem in problems), problems


def test_ranges_are_percentiles_of_the_nation(pack: Pack, rows: list[dict[str, str]]) -> None:
    nation = {row["soc"]: row for row in rows if row["area_type"] == "nation"}
    figures = {one.id: one for _, one in walk(pack) if isinstance(one, Figure)}
    for role, soc in (("dev", SOC["💻"]), ("ds", SOC["📊"])):
        for kind, low, high in (
            ("median", "annual_median", "annual_median"),
            ("half", "annual_p25", "annual_p75"),
            ("wide", "annual_p10", "annual_p90"),
            ("jobs", "employment", "employment"),
        ):
            figure, row = figures[f"{role}-{kind}"], nation[soc]
            assert (figure.role, figure.low, figure.high) == (role, int(row[low]), int(row[high]))


def test_what_a_note_works_out_is_right(pack: Pack, rows: list[dict[str, str]]) -> None:
    """The check holds figures against their rows; what we make of them ourselves, this does."""
    nation = {row["soc"]: row for row in rows if row["area_type"] == "nation"}
    dev, ds = nation[SOC["💻"]], nation[SOC["📊"]]
    states, soc = state_rows(rows), SOC["💻"]
    apart = int(dev["annual_median"]) - int(ds["annual_median"])
    far = [int(states[area, soc]["annual_median"]) for area in ("California", "Pennsylvania")]
    notes = [plain(one.text) for _, one in walk(pack) if isinstance(one, NoteSection)]
    said = next(note for note in notes if "apart" in note)
    assert f"The medians are ${apart:,} apart" in said
    assert f"from ${int(dev['annual_p25']):,} to ${int(ds['annual_p75']):,}" in said
    assert f"differs by ${far[0] - far[1]:,}" in said
    assert 6 < int(dev["employment"]) / int(ds["employment"]) < 7
    assert any("more than six developer jobs for each data science job" in note for note in notes)
    largest = [
        max(
            (float(row["wage_rse_percent"] or 0), area)
            for (area, soc), row in states.items()
            if soc == one
        )
        for one in SOC.values()
    ]
    for rse, area in largest:
        assert any(f"in {area} ({rse}%)" in note for note in notes)


def test_every_state_has_its_line_with_both_roles(pack: Pack, rows: list[dict[str, str]]) -> None:
    said, held = lines_of_states(regions(pack)), state_rows(rows)
    assert len(said) == 52
    assert said.keys() == {area for area, _ in held}
    for area, line in said.items():
        for mark, part in zip(SOC, line.split(" · "), strict=True):
            row = held.get((area, SOC[mark]))
            assert part.startswith(mark)
            if row is None:
                assert part == f"{mark} no figures", area
                continue
            pay = row["annual_median"]
            assert (f"${int(pay):,}" if pay else "pay not released") in part
            assert f"({int(row['employment']):,} jobs" in part


def test_what_is_uncertain_or_missing_is_said(pack: Pack, rows: list[dict[str, str]]) -> None:
    said, held = lines_of_states(regions(pack)), state_rows(rows)
    uncertain = {key for key, row in held.items() if float(row["wage_rse_percent"] or 0) >= 5}
    assert len(uncertain) == 11
    for area, line in said.items():
        for mark, part in zip(SOC, line.split(" · "), strict=True):
            rse = held.get((area, SOC[mark]), {}).get("wage_rse_percent")
            shown = f"RSE {rse}%" in part
            assert shown == ((area, SOC[mark]) in uncertain), (area, mark)
    assert said["Wyoming"].endswith("📊 no figures")
    assert "pay not released" in said["Alaska"]
    assert "pay not released" in said["Delaware"]


def test_a_state_is_found_by_its_name(pack: Pack) -> None:
    for topic in regions(pack):
        for name in lines_of_states([topic]):
            assert name.lower() in topic.aliases


def test_a_list_of_states_takes_a_screen_and_a_half_of_a_phone(pack: Pack) -> None:
    for topic in (pack.topic_by_id["states"], *regions(pack)):
        said = [topic.title]
        for section in topic.sections:
            if isinstance(section, ListSection):
                said += [section.title, *(f"• {plain(item)}" for item in section.items)]
                said.append("(U.S. Bureau of Labor Statistics, as reported, 2025)")
            else:
                assert isinstance(section, NoteSection)
                said.append(f"Crossroads’ note: {plain(section.text)}")
        assert sum(len(wrap(one, PHONE)) for one in said) <= 1.5 * SCREEN, topic.id


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_accents_can_be_read_on_both_grounds(pack: Pack) -> None:
    for role in pack.roles:
        assert contrast(role.accent.light, "#FFFFFF") >= 4.5
        assert contrast(role.accent.dark, "#1E1F22") >= 4.5


def test_both_roles_are_told_in_equal_detail(pack: Pack) -> None:
    versus = [one for _, one in walk(pack) if isinstance(one, VersusSection)]
    words = {
        role.id: sum(len(plain(row.roles[role.id]).split()) for one in versus for row in one.rows)
        for role in pack.roles
    }
    assert max(words.values()) <= 1.15 * min(words.values()), words


def test_no_option_of_the_quiz_gives_its_role_away(pack: Pack) -> None:
    turned = sum(question.reversed for question in pack.quiz.questions)
    assert 8 <= len(pack.quiz.questions) <= 10
    assert abs(2 * turned - len(pack.quiz.questions)) <= 1
    for question in pack.quiz.questions:
        for option in question.options:
            assert not re.search(r"\b(developer|scientist|software|data)\b", option.text.lower())


def test_a_plan_says_what_its_hours_come_to_and_at_which_pace(pack: Pack) -> None:
    for plan in pack.templates:
        needed = sum(step.hours for step in plan.steps if not step.optional)
        said = plain(plan.timeline.note)
        assert len(plan.steps) >= 10
        assert f"{needed} hours" in said, plan.title
        assert f"{plan.pace} hours a week" in said, plan.title
        assert f"{ceil(needed / plan.pace)} weeks" in said, plan.title
        assert plan.timeline.least_weeks is None
        for step in plan.steps:
            longest = max((part.hours for part in step.parts), default=step.hours)
            assert longest <= 2 * plan.pace, (plan.title, step.title)
            assert 1 <= len(step.learn) <= 3


def test_what_must_be_known_stays_for_a_late_member(pack: Pack) -> None:
    for role, tools in pack.must_know.items():
        for tool, taught_by in tools.items():
            for plan in (one for one in pack.templates if one.role == role):
                kept = [one for one in plan.steps if one.id in taught_by and not one.optional]
                assert kept, (tool, plan.title)
                said = " ".join(f"{one.title} {plain(one.do)} {plain(one.done)}" for one in kept)
                assert tool.lower() in said.lower(), (tool, plan.title)


def test_a_week_in_a_role_has_five_tasks_for_every_start(pack: Pack) -> None:
    assert {taster.role for taster in pack.tasters} == {role.id for role in pack.roles}
    for taster in pack.tasters:
        for start in pack.starts:
            assert len(taster.week(start.id)) == 5


def test_interviews_can_be_practised_in_four_kinds(pack: Pack) -> None:
    assert {one.role for one in pack.practice} == {role.id for role in pack.roles}
    steps = {role.id: set[str]() for role in pack.roles}
    for plan in pack.templates:
        steps[plan.role] |= {step.id for step in plan.steps}
    for practice in pack.practice:
        kinds = [kind.id for kind in practice.kinds]
        assert len(kinds) == 4
        assert len(practice.questions) >= 40
        assert len({question.id for question in practice.questions}) == len(practice.questions)
        for question in practice.questions:
            assert question.kind in kinds
            assert 3 <= len(question.good) <= 6
            assert 2 <= len(question.slips) <= 3
            assert set(question.steps) <= steps[practice.role], question.id
