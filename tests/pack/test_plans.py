"""The plans that ship: honest about their hours, and within reach of whoever learns alone."""

import re
from math import ceil
from urllib.parse import urlsplit

import pytest

from bot.chat.text import plain
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack

TRUSTED = {
    "ai.google.dev",
    "airflow.apache.org",
    "aws.amazon.com",
    "cloud.google.com",
    "course.fast.ai",
    "cs229.stanford.edu",
    "cs50.harvard.edu",
    "d2l.ai",
    "developers.google.com",
    "developers.llamaindex.ai",
    "developers.openai.com",
    "docs.docker.com",
    "docs.evidentlyai.com",
    "docs.github.com",
    "docs.langchain.com",
    "docs.litellm.ai",
    "docs.locust.io",
    "docs.pytest.org",
    "docs.python.org",
    "docs.pytorch.org",
    "fastapi.tiangolo.com",
    "git-scm.com",
    "github.com",
    "huggingface.co",
    "karpathy.ai",
    "leetcode.com",
    "missing.csail.mit.edu",
    "mlflow.org",
    "mml-book.github.io",
    "mypy.readthedocs.io",
    "numpy.org",
    "ocw.mit.edu",
    "packaging.python.org",
    "platform.claude.com",
    "platform.openai.com",
    "projects.iq.harvard.edu",
    "pytorch.org",
    "research.google.com",
    "scikit-learn.org",
    "seeing-theory.brown.edu",
    "spark.apache.org",
    "sre.google",
    "stanford-cs329s.github.io",
    "www.3blue1brown.com",
    "www.careeronestop.org",
    "www.coursera.org",
    "www.kaggle.com",
    "www.khanacademy.org",
    "www.onetonline.org",
    "www.openintro.org",
    "www.postgresql.org",
    "www.statlearning.com",
    "www.typescriptlang.org",
    "xgboost.readthedocs.io",
}
SOMEBODY = re.compile(r"\b(colleague|engineer|friend|partner|people|person|users)\b")
ANOTHER_WAY = re.compile(r"this community|on your own|clean machine|your own script|a public one")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(default_pack_path())


def test_a_plan_says_what_its_hours_come_to_and_at_which_pace(pack: Pack) -> None:
    for plan in pack.templates:
        needed = sum(step.hours for step in plan.steps if not step.optional)
        said = plain(plan.timeline.note)
        assert f"{needed} hours" in said, plan.title
        assert f"{plan.pace} hours a week" in said, plan.title
        assert re.search(rf"\b{ceil(needed / plan.pace)} (weeks|to)\b", said), plan.title


def test_from_zero_takes_longer_than_from_software(pack: Pack) -> None:
    for role in pack.roles:
        zero, software = (
            sum(step.hours for step in pack.template(start, role.id).steps)
            for start in ("zero", "software")
        )
        assert zero > software


def test_from_zero_to_ml_has_the_mathematics_and_is_called_what_it_is(pack: Pack) -> None:
    plan = pack.template("zero", "ml")
    needed = {step.id for step in plan.steps if not step.optional}
    assert needed >= {"stats-basics", "linear-algebra", "calculus", "probability"}
    assert "first ML portfolio" in plan.title


def test_whoever_is_on_plan_has_something_to_tick_every_two_weeks(pack: Pack) -> None:
    for plan in pack.templates:
        for step in plan.steps:
            longest = max((part.hours for part in step.parts), default=step.hours)
            assert longest <= 2 * plan.pace, (plan.title, step.title)


@pytest.mark.parametrize("role", ["ai", "ml"])
def test_every_tool_that_must_be_known_is_in_a_step_that_stays(pack: Pack, role: str) -> None:
    """Also where a late member leaves out what is optional."""
    plans = [plan for plan in pack.templates if plan.role == role]
    for tool, taught_by in MUST_KNOW[role].items():
        for plan in plans:
            kept = [step for step in plan.steps if step.id in taught_by and not step.optional]
            assert kept, (tool, plan.title)
            said = " ".join(f"{one.title} {plain(one.do)} {plain(one.done)}" for one in kept)
            assert any(word in said for word in tool.split(" or ")), (tool, plan.title)


MUST_KNOW = {
    "ai": {
        "LangChain or LlamaIndex": {"orchestration"},
        "OpenAI API": {"llm-api", "llm-component"},
        "pgvector": {"rag-app", "vector-db"},
        "Python": {"py-basics", "llm-component"},
        "Git": {"setup", "llm-component"},
        "AWS or GCP": {"cloud-basics"},
        "Linux": {"setup", "cloud-basics"},
    },
    "ml": {
        "PyTorch": {"pytorch-basics", "pytorch-deep"},
        "MLflow": {"mlflow"},
        "Docker": {"docker"},
        "SQL": {"sql-basics", "sql-spark"},
        "Spark": {"sql-spark"},
        "Python": {"py-basics", "from-scratch", "notebook-package"},
        "Git": {"setup", "mlflow", "notebook-package"},
        "AWS or GCP": {"cloud-basics"},
        "Linux": {"setup", "cloud-basics"},
    },
}


def test_every_step_says_where_to_learn_it_from_whom_one_can_trust(pack: Pack) -> None:
    for step in (step for plan in pack.templates for step in plan.steps):
        assert 1 <= len(step.learn) <= 3, step.title
        for place in step.learn:
            assert urlsplit(place.url).netloc in TRUSTED, place.url


def test_what_costs_money_names_the_free_way(pack: Pack) -> None:
    for step in (step for plan in pack.templates for step in plan.steps if step.costs):
        assert re.search(r"free|nothing", plain(step.costs), re.IGNORECASE), step.title


def test_nothing_is_done_only_when_somebody_else_lends_a_hand(pack: Pack) -> None:
    for step in {step.id: step for plan in pack.templates for step in plan.steps}.values():
        said = f"{plain(step.do)} {plain(step.done)}"
        asks = re.search(r"\b(Ask|Have|Find|Watch|Show)\b[^.]*", said)
        if asks and SOMEBODY.search(asks.group()):
            assert ANOTHER_WAY.search(said.lower()), step.title
