"""The pack that ships: it loads, it holds what it should, and each claim says where it is from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.text import plain
from bot.pack.facts import (
    Cited,
    Figure,
    FiguresSection,
    NoteSection,
    OpinionSection,
    StorySection,
    VersusSection,
)
from bot.pack.load import check, default_pack_path, load
from bot.pack.model import Pack
from bot.pack.rules import walk

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(default_pack_path())


def figures(pack: Pack) -> list[Figure]:
    sections = [section for topic in pack.topics for section in topic.sections]
    return [one for part in sections if isinstance(part, FiguresSection) for one in part.figures]


def test_the_shipped_pack_has_nothing_to_report() -> None:
    report = check(default_pack_path(), datetime.now(UTC).year)
    assert (report.errors, report.warnings) == ([], [])
    assert report.counts["topics"] == 17
    assert report.counts["questions"] == 9
    assert report.counts["plans"] == 6
    assert report.counts["sources"] == 16


def test_the_pack_lies_in_the_repository() -> None:
    assert default_pack_path() == HERE / "content" / "ai-vs-ml"


def test_every_figure_is_the_one_that_was_reported(pack: Pack) -> None:
    reported = {
        "ml-entry": ("$130,000–$145,000", 2026),
        "ml-mid": ("$145,000–$190,000", 2026),
        "ml-senior": ("$185,000–$230,000", 2026),
        "ai-mid": ("$150,000–$250,000", 2026),
        "ai-senior-top": ("$350,000–$550,000", 2026),
        "average-2025": ("$206,000", 2025),
        "average-rise": ("$50,000", 2025),
        "average-total-us": ("$244,000", 2026),
        "ai-premium": ("about 18% more", 2026),
        "title-gap": ("over $50,000", 2026),
        "ai-growth": ("300% faster", 2026),
        "market-share": ("10% → 50%", 2025),
        "ict-skills": ("78%", 2026),
        "ml-experts": ("57.7%", 2026),
        "ml-phd": ("36.2%", 2026),
        "software-ai": ("2–3 months", 2026),
        "software-ai-head-start": ("60%", 2026),
        "software-ai-apply": ("after 8 weeks", 2026),
        "software-ml": ("12–18 months", 2026),
        "software-ml-depth": ("6 months", 2026),
    }
    assert {one.id: (one.value, one.year) for one in figures(pack) if not one.data} == reported


def test_only_two_figures_name_a_source_besides_the_article(pack: Pack) -> None:
    reported = [one for one in figures(pack) if not one.data]
    named = {one.id: one.sources for one in reported if one.sources != ("article",)}
    assert named == {
        "average-total-us": ("levels", "article"),
        "ict-skills": ("consortium", "article"),
    }


def test_every_claim_rests_on_the_article_or_on_official_data(pack: Pack) -> None:
    claims = [part for _, part in walk(pack) if isinstance(part, Cited) and part.sources]
    assert len(claims) > 80
    assert all(claim.year for claim in claims)
    for claim in claims:
        assert ("article" in claim.sources) != (claim.sources == ("oews",) and bool(claim.data))


def test_official_figures_are_said_to_be_the_neighbours(pack: Pack) -> None:
    """Neither role is an occupation of the classification, so no official figure is a role’s."""
    official = [one for one in figures(pack) if one.data]
    assert len(official) == 6
    assert not any(one.role for one in official)
    notes = [part for part in pack.topic_by_id["neighbours"].sections if part.kind == "note"]
    assert "no official figures for them" in plain(notes[0].text)
    assert "$130,000–$145,000, lies above the median" in plain(notes[1].text)


def test_the_articles_own_list_is_whole(pack: Pack) -> None:
    assert [source.number for source in pack.listed_sources] == list(range(1, 14))
    assert pack.listed_sources[2].publisher == "Levels.fyi"


def test_a_citation_says_where_a_date_is_not_the_sources_own(pack: Pack) -> None:
    dated, undated = pack.source_by_id["axiom"], pack.source_by_id["levels"]
    assert dated.citation == "Axiom Recruit: AI Engineer Compensation 2026 (2026)"
    assert undated.citation == "Levels.fyi: ML/AI Software Engineer Salary (as cited in 2026)"


def test_figures_that_disagree_stand_side_by_side(pack: Pack) -> None:
    pay = pack.topic_by_id["pay"]
    [said] = [plain(part.text) for part in pay.sections if isinstance(part, NoteSection)]
    assert "The $244,000 average is total pay in the US" in said
    assert "18% of a mid-level ML salary is $26,000–$34,000, not over $50,000" in said


def test_a_jump_and_a_share_are_doubted_where_they_stand(pack: Pack) -> None:
    notes = {one.id: plain(one.note) for one in figures(pack)}
    assert "+32% in one year" in notes["average-rise"]
    assert all(notes[doubted] for doubted in ("ai-growth", "market-share", "ict-skills", "ml-phd"))


def test_each_role_has_its_drawbacks_at_about_equal_length(pack: Pack) -> None:
    rows = [
        row
        for section in pack.topic_by_id["drawbacks"].sections
        if isinstance(section, VersusSection)
        for row in section.rows
    ]
    words = [sum(len(plain(row.roles[role.id]).split()) for row in rows) for role in pack.roles]
    assert len(rows) >= 5
    assert max(words) <= 1.25 * min(words)


def test_an_opinion_is_labelled_and_a_story_is_no_opinion(pack: Pack) -> None:
    [told] = {plain(part.text) for _, part in walk(pack) if isinstance(part, StorySection)}
    assert "three months in 2025" in told
    whose = {part.who for _, part in walk(pack) if isinstance(part, OpinionSection)}
    assert whose == {pack.source_by_id["article"].publisher}


@pytest.mark.parametrize("role", ["ai", "ml"])
def test_no_length_is_made_up_for_data_scientists(pack: Pack, role: str) -> None:
    template = next(one for one in pack.templates if (one.start, one.role) == ("data", role))
    assert template.timeline.least_weeks is template.timeline.most_weeks is None
    assert "names no length" in plain(template.timeline.text)


@pytest.mark.parametrize(
    ("start", "role", "order"),
    [
        ("zero", "ai", ["py-project", "llm-api", "rag-app", "rag-deploy", "agent-app"]),
        ("zero", "ai", ["agent-app", "agent-deploy", "ai-capstone", "ai-users"]),
        ("zero", "ml", ["py-project", "ml-course", "sklearn-project", "pytorch-project"]),
        ("zero", "ml", ["ml-third", "kaggle-first"]),
        ("software", "ai", ["prompting", "rag-one", "rag-two", "ai-mock"]),
        ("software", "ml", ["ml-structured", "model-serving", "ml-interviews"]),
        ("data", "ml", ["docker", "ci-cd", "model-serving"]),
        ("data", "ai", ["model-api", "system-design", "typescript"]),
    ],
)
def test_the_plans_keep_the_articles_order(
    pack: Pack, start: str, role: str, order: list[str]
) -> None:
    template = next(one for one in pack.templates if (one.start, one.role) == (start, role))
    assert [step.id for step in template.steps if step.id in order] == order


def test_what_is_looked_up_by_id_is_found(pack: Pack) -> None:
    question = pack.quiz.question("math")
    step = pack.template("zero", "ai").step("rag-app")
    assert question is not None
    assert question.about == "mathematics or product"
    assert step is not None
    assert step.phase.startswith("Then: model APIs")
    assert pack.role("ml").name == "ML Engineer"
    assert pack.quiz.question("nothing") is None
    assert pack.template("zero", "ai").step("nothing") is None


def test_switching_the_role_carries_steps_over(pack: Pack) -> None:
    for start in ("zero", "software", "data"):
        ai, ml = ({step.id for step in one.steps} for one in pack.templates if one.start == start)
        assert len(ai & ml) >= 3


def test_the_same_step_asks_the_same_in_every_plan(pack: Pack) -> None:
    asked: dict[str, object] = {}
    for step in (step for template in pack.templates for step in template.steps):
        task = step.model_dump(exclude={"phase", "optional"})
        assert asked.setdefault(step.id, task) == task


def test_no_option_of_the_quiz_gives_its_role_away(pack: Pack) -> None:
    for question in pack.quiz.questions:
        for option in question.options:
            assert not {"AI", "ML", "engineer"} & set(option.text.replace(",", " ").split())


def test_each_pole_of_the_quiz_stands_first_about_as_often(pack: Pack) -> None:
    turned = sum(question.reversed for question in pack.quiz.questions)
    assert abs(2 * turned - len(pack.quiz.questions)) <= 1
