"""Every mistake in a pack is reported with the file and the line where it can be mended."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.pack import yaml_file
from bot.pack.load import ContentError, check, default_pack_path, load, run_check

YEAR = 2026


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped pack, to be broken."""
    shutil.copytree(default_pack_path(), tmp_path / "pack")
    return tmp_path / "pack"


class Mistake(NamedTuple):
    """`old` becomes `new` in the file; then `said` is reported at the nth line that holds `at`."""

    file: str
    old: str
    new: str
    at: str
    said: str
    nth: int = 1


CITED = "        sources: [article]\n        year: 2026\n"
MISTAKES = [
    # YAML itself
    Mistake("pack.yaml", "version: 2", "version: 2\nversion: 3", "version: 3", "first in line 2"),
    Mistake("pack.yaml", "version: 2", "version: [1", "title:", "is not YAML here"),
    Mistake("pack.yaml", "version: 2", "version: !x 1", "!x 1", "'1' cannot be read"),
    Mistake("pack.yaml", "version: 2", "[a]: 1", "[a]: 1", "a key that is not a word"),
    Mistake("pack.yaml", "title: AI", "title: a: AI", "title: a: AI", "is not YAML here"),
    Mistake("pack.yaml", "- overview", "- &x overview\n  - *x", "&x", "is an alias"),
    # shapes
    Mistake(
        "quiz.yaml",
        "about: the data work you’d rather do",
        "abuot: x",
        "abuot",
        "'abuot' is not a key",
    ),
    Mistake(
        "quiz.yaml",
        "    about: the data work you’d rather do\n",
        "",
        "- id: data",
        "'about' is missing",
    ),
    Mistake(
        "quiz.yaml",
        "about: the data work you’d rather do",
        "about: 2026",
        "about: 2026",
        "should be text",
    ),
    Mistake("quiz.yaml", "hours: [3,", "hours: 3 #", "hours: 3", "should be text (put quotes"),
    Mistake("quiz.yaml", "hours: [3,", "hours: few #", "hours: few", "'hours' should be a list"),
    Mistake(
        "quiz.yaml",
        "      - Either one, on a good day\n",
        "",
        "options:",
        "`poles` need five texts",
    ),
    Mistake("pack.yaml", "id: ai-vs-ml", "id: AI vs ML", "id: AI vs ML", "is not an id"),
    Mistake("sources.yaml", "kind: article", "kind: book", "kind: book", "should be 'article'"),
    Mistake("compare/learn.yaml", "kind: list", "kind: lists", "- kind: lists", "does not match"),
    Mistake("compare/pay.yaml", "title: Pay", "id: x\ntitle: Pay", "id: x", "the file's name"),
    Mistake("plans/steps.yaml", "hours: 6", "hours: 0", "hours: 0", "greater than or equal to 1"),
    Mistake("plans/zero-ai.yaml", "pace: 12", "pace: 61", "pace: 61", "less than or equal to 60"),
    # lengths
    Mistake(
        "quiz.yaml",
        "the data work you’d rather do",
        "x" * 76,
        "about: xxx",
        "76 characters, 75 fit",
    ),
    Mistake(
        "quiz.yaml",
        "about: the data work you’d rather do",
        'about: ""',
        'about: ""',
        "'about' is empty",
    ),
    Mistake("quiz.yaml", "A careful offline comparison", "c" * 75, "cccc", "75 fit"),
    Mistake("compare/day.yaml", "Read both", "x " * 1300, "title:", "characters of a message"),
    Mistake("compare/day.yaml", "Read both", "x " * 1500, "    text: >-", "2900 fit"),
    # ids
    Mistake("pack.yaml", "- demand", "- demand\n  - pay", "- pay", "'pay' stands", 2),
    Mistake("pack.yaml", "- id: ml", "- id: ai", "- id: ai", "'ai' stands here twice", 2),
    Mistake("sources.yaml", "id: axiom", "id: vettio", "id: vettio", "stands here twice", 2),
    Mistake("sources.yaml", "kind: named", "kind: article", "- id: article", "at most one"),
    Mistake("sources.yaml", "number: 13", "number: 12", "id: second-talent", "12 stands here"),
    Mistake("sources.yaml", "number: 13", "number: 14", "- id: article", "has no number 13"),
    Mistake("sources.yaml", "  number: 13\n", "", "id: second-talent", "but has no number"),
    Mistake("compare/pay.yaml", "[salary,", "[Demand,", "[Demand,", "'Demand' is 'demand' alr"),
    Mistake("compare/pay.yaml", "id: ml-mid", "id: ml-entry", "id: ml-entry", "twice", 2),
    Mistake("compare/overview.yaml", "id: stretch", "id: job", "id: job", "'job' stands here", 2),
    Mistake("quiz.yaml", "- id: why", "- id: math", "- id: math", "'math' stands here twice", 2),
    Mistake("quiz.yaml", "- id: math", "- id: hours", "- id: hours", "is a reserved id"),
    Mistake("quiz.yaml", "topic: skills", "topic: skilz", "topic: skilz", "no topic 'skilz'"),
    Mistake("quiz.yaml", "id: security", "id: pay", "- id: pay", "'pay' stands here twice", 2),
    Mistake("tips.yaml", "id: ml-ship", "id: ml-leak", "id: ml-leak", "stands here twice", 2),
    Mistake(
        "quiz.yaml",
        "Either one, on a good day",
        "An app idea I could show to a friend tonight",
        "- An app idea",
        "stands here twice",
        2,
    ),
    # the quiz as a whole
    Mistake("quiz.yaml", "hours: [3,", "hours: [3, 3,", "hours: [", "hours rise from 1"),
    Mistake("quiz.yaml", "hours: [3,", "hours: [0,", "hours: [", "hours rise from 1"),
    Mistake("quiz.yaml", "leaning: 0.33", "leaning: 0.5", "thresholds:", "leaning comes before"),
    Mistake("quiz.yaml", "poles: [ml, ai]", "poles: [ml, ml]", "poles:", "two roles"),
    Mistake("quiz.yaml", "poles: [ml, ai]", "poles: [ml, qa]", "poles:", "no role 'qa'"),
    Mistake("pack.yaml", "- id: software", "- id: zero", "- id: zero", "stands here twice", 2),
    Mistake("quiz.yaml", "It’s a good reason", "$50K is a reason", "says:", "in compare/", 3),
    # claims
    Mistake("compare/pay.yaml", CITED, "", "id: ml-entry", "without sources and year"),
    Mistake("compare/pay.yaml", "        year: 2025\n", "", "id: average-2025", "without year"),
    Mistake("compare/pay.yaml", "[levels, ar", "[level, ar", "[level,", "no source 'level'"),
    Mistake("compare/pay.yaml", "[levels, ar", "[vettio, ar", "[vettio,", "ties nothing to it"),
    Mistake("compare/pay.yaml", "[levels, ar", "[article, ar", "[article, ar", "twice"),
    Mistake("compare/pay.yaml", "year: 2026", "year: 2027", "year: 2027", "newest source is of"),
    Mistake("compare/sources.yaml", "We read", "In 2026 we read", "- kind: prose", "without sour"),
    Mistake("plans/software-ai.yaml", "  year: 2026\n", "", "timeline:", "without year"),
    # plans
    Mistake("plans/steps.yaml", "after: [setup]", "after: [setpu]", "[setpu]", "no step 'setpu'"),
    Mistake("plans/steps.yaml", "\npy-basics:", "\nsetup:", "setup:", "'setup' stands here", 2),
    Mistake(
        "plans/steps.yaml",
        "  title: Set up a place to work\n",
        "  title: Set up a place to work\n  after: [py-project]\n",
        "after: ",
        "these steps wait for one another",
    ),
    Mistake("plans/zero-ai.yaml", "[setup,", "[setpu,", "[setpu,", "there is no step 'setpu'"),
    Mistake("plans/zero-ai.yaml", "[setup,", "[setup, setup,", "[setup,", "stands here twice"),
    Mistake("plans/zero-ai.yaml", "setup, py-basics", "py-basics, setup", "[py-b", "comes later"),
    Mistake("plans/zero-ai.yaml", "optional: [", "optional: [docker, ", "optional:", "not in this"),
    Mistake("plans/zero-ai.yaml", "optional: [", "optional: [llm-api, ", "rag-app", "is optional"),
    Mistake("plans/zero-ai.yaml", "pace: 12", "pace: 4", "setup,", "fit two weeks: give parts"),
    Mistake("plans/zero-ai.yaml", "  most_weeks: 26\n", "", "timeline:", "stand together"),
    # interviews
    Mistake(
        "practice/ai.yaml", "id: ai-rag-docs", "id: ai-long-docs", "d: ai-long-docs", "twice", 2
    ),
    Mistake("practice/ai.yaml", "kind: design", "kind: desing", "kind: desing", "no kind 'desing'"),
    Mistake("practice/ai.yaml", "[rag-one,", "[rag-noe,", "[rag-noe,", "no step 'rag-noe'"),
    Mistake("practice/ai.yaml", "Never asking", "n" * 2400, "- id: ai-rag-docs", "3000 fit"),
]


def edit(root: Path, mistake: Mistake) -> None:
    file = root / mistake.file
    text = file.read_text()
    assert mistake.old in text
    file.write_text(text.replace(mistake.old, mistake.new, 1))


def line_of(file: Path, marker: str, nth: int = 1) -> int:
    lines = enumerate(file.read_text().splitlines(), 1)
    return [number for number, line in lines if marker in line][nth - 1]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one.file}: {one.said}")
def test_a_mistake_is_reported_where_it_stands(root: Path, mistake: Mistake) -> None:
    edit(root, mistake)
    found = check(root, YEAR).errors
    file = root / mistake.file
    line = line_of(file, mistake.at, mistake.nth)
    here = [problem for problem in found if (problem.file, problem.line) == (file, line)]
    assert any(mistake.said in problem.text for problem in here), "\n".join(map(str, found))


def test_all_mistakes_are_reported_at_once(root: Path) -> None:
    for name in ("compare/pay.yaml", "quiz.yaml", "tips.yaml"):
        (root / name).write_text("- [")
    assert {problem.file.name for problem in check(root, YEAR).errors} == {
        "pay.yaml",
        "quiz.yaml",
        "tips.yaml",
    }


@pytest.mark.parametrize("name", ["pack.yaml", "compare/pay.yaml", "plans/data-ml.yaml"])
def test_a_missing_file_is_named(root: Path, name: str) -> None:
    (root / name).unlink()
    assert f"{root / name}:1: is missing" in map(str, check(root, YEAR).errors)


@pytest.mark.parametrize("name", ["compare/bonus.yaml", "plans/data-qa.yaml", "plans/notes.txt"])
def test_a_file_that_nobody_reads_is_a_mistake(root: Path, name: str) -> None:
    (root / name).write_text("title: Left out")
    (problem,) = check(root, YEAR).errors
    assert problem.file == root / name
    assert "is not one of" in problem.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# only a remark\n", "is empty"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a: \x07", "is not YAML"),
        (b"just a word", "should be a group of `key: value` lines"),
        (b"- a list", "should be a group of `key: value` lines"),
        (b"[" * 5000 + b"]" * 5000, "is nested too deeply"),
    ],
)
def test_a_file_of_another_kind_is_refused_kindly(root: Path, content: bytes, said: str) -> None:
    (root / "quiz.yaml").write_bytes(content)
    (problem,) = check(root, YEAR).errors
    assert problem.file == root / "quiz.yaml"
    assert said in problem.text


def test_a_directory_in_place_of_a_file(root: Path) -> None:
    (root / "tips.yaml").unlink()
    (root / "tips.yaml").mkdir()
    assert [problem.text for problem in check(root, YEAR).errors] == ["cannot be read"]


def test_a_plan_that_departs_from_the_months_says_why(root: Path) -> None:
    file = root / "plans/zero-ai.yaml"
    file.write_text(re.sub(r"  note: >-\n(    .*\n)+", "", file.read_text()))
    (problem,) = check(root, YEAR).errors
    assert problem.line == line_of(file, "timeline:")
    assert "472 hours at this pace take 40 weeks, not 26 to 26: say why" in problem.text


def test_a_plan_teaches_what_its_role_must_know(root: Path) -> None:
    file = root / "plans/data-ml.yaml"
    file.write_text(file.read_text().replace("sql-spark, ", "").replace(", sql-spark", ""))
    assert "sql-spark" not in file.read_text()
    said = [problem.text for problem in check(root, YEAR).errors]
    assert "no step of the plan from 'data' teaches Spark" in said


def test_a_topic_cannot_take_the_name_of_the_page_about_the_pack(root: Path) -> None:
    (root / "compare/demand.yaml").rename(root / "compare/about.yaml")
    edit(root, Mistake("pack.yaml", "  - demand\n", "  - about\n", "", ""))
    edit(root, Mistake("quiz.yaml", "topic: demand", "topic: about", "", ""))
    (problem,) = check(root, YEAR).errors
    assert problem.file.name == "about.yaml"
    assert "is the page about the pack" in problem.text


def test_a_topic_of_too_many_rows_does_not_fit_a_message(root: Path) -> None:
    rows = "".join(
        f"      - {{id: row-{n}, label: Row, sources: [article], roles: {{ai: a, ml: b}}}}\n"
        for n in range(20)
    )
    edit(root, Mistake("compare/learn.yaml", "    rows:\n", f"    rows:\n{rows}", "", ""))
    (problem,) = check(root, YEAR).errors
    assert problem.text.startswith("the topic takes 31 components of a message, 28 fit")


def test_a_source_grows_stale_and_the_pack_stays_usable(root: Path) -> None:
    report = check(root, YEAR + 2)
    assert report.errors == []
    stale = {problem.line for problem in report.warnings}
    years = (root / "sources.yaml").read_text().splitlines()
    assert stale == {number for number, line in enumerate(years, 1) if line == "  year: 2025"}
    assert "'365-ai' is 3 years old, stale after 2" in report.warnings[0].text


def test_a_step_in_no_plan_is_worth_a_look(root: Path) -> None:
    edit(root, Mistake("plans/data-ml.yaml", "data-pipeline, ", "", "", ""))
    (warning,) = check(root, YEAR).warnings
    assert warning.line == line_of(root / "plans/steps.yaml", "data-pipeline:")
    assert warning.text == "no plan has the step 'data-pipeline'"


def test_load_refuses_what_check_reports(root: Path) -> None:
    edit(root, Mistake("quiz.yaml", "topic: skills", "topic: skilz", "", ""))
    with pytest.raises(ContentError) as refusal:
        load(root)
    assert refusal.value.problems == check(root, YEAR).errors
    assert str(refusal.value).endswith("there is no topic 'skilz'")


def test_a_copy_of_the_pack_is_the_same_pack(root: Path) -> None:
    assert load(root) == load(default_pack_path())


@pytest.mark.slow
@pytest.mark.parametrize("broken", [False, True])
def test_the_parser_in_plain_python_finds_the_same(
    root: Path, broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if broken:
        edit(root, Mistake("pack.yaml", "version: 2", "version: 2\nversion: 3", "", ""))
        edit(root, Mistake("quiz.yaml", "about: the data", "abuot: the data", "", ""))
    fast = check(root, YEAR)
    monkeypatch.setattr(yaml_file, "_Loader", yaml.SafeLoader)
    assert check(root, YEAR) == fast
    assert bool(fast.errors) == broken


def test_the_command_says_what_a_pack_holds(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(root) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith(f"{root}: 17 topics, 9 questions, 6 plans, ")
    assert "26 figures, 16 sources" in said
    assert "0 errors" in said


def test_the_command_fails_where_there_are_errors(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, Mistake("quiz.yaml", "topic: skills", "topic: skilz", "", ""))
    line = line_of(root / "quiz.yaml", "topic: skilz")
    assert run_check(root) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{root / 'quiz.yaml'}:{line}: error: there is no topic 'skilz'",
        f"{root}: 1 error, 0 warnings",
    ]


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere", "does not exist"), ("pack.yaml", "is not a directory")]
)
def test_the_command_wants_a_directory(
    root: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_check(root / name) == 1
    assert f"{said}; a pack is a directory with a pack.yaml" in capsys.readouterr().out


SHIPPED = default_pack_path()
FILES = sorted(path.relative_to(SHIPPED) for path in SHIPPED.rglob("*.yaml"))


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(FILES), data=st.data())
def test_whatever_a_file_holds_the_report_names_a_line_of_it(
    root: Path, name: Path, data: st.DataObject
) -> None:
    whole = (SHIPPED / name).read_text()
    lines = whole.splitlines()
    start = data.draw(st.integers(0, len(lines) - 1), label="first line that goes")
    end = data.draw(st.integers(start, min(start + 3, len(lines))), label="first that stays")
    noise = data.draw(st.text("abc:-[]{}&*!|>'\"#%@` \t\n0", max_size=8), label="what comes")
    (root / name).write_text("\n".join([*lines[:start], noise, *lines[end:]]))
    try:
        for problem in check(root, YEAR).errors:
            length = len(problem.file.read_text().splitlines())
            assert 1 <= problem.line <= max(length, 1) + 1
    finally:
        (root / name).write_text(whole)
