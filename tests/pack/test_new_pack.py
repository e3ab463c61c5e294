"""A community begins a pack of its own: from an empty folder to one that runs and reloads."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.__main__ import main
from bot.core.handle import Core
from bot.pack.authoring.reload import Reload
from bot.pack.authoring.scaffold import new_pack
from bot.pack.authoring.schema import FILES, schemas
from bot.pack.load import built_in, check
from bot.pack.named import packs_of
from tests.stories import Chat

TODAY = date(2026, 11, 25)


def kind_of(file: Path, root: Path) -> str:
    name = file.relative_to(root).as_posix()
    return next(kind for kind, pattern in FILES.items() if fnmatch(name, pattern))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    new_pack(tmp_path / "my-fork", TODAY)
    return tmp_path / "my-fork"


def test_a_new_pack_is_a_valid_one(mine: Path) -> None:
    report = check(mine, TODAY.year)
    assert report.errors == []
    assert all("is short" in problem.text for problem in report.warnings)


@pytest.mark.parametrize(
    ("name", "said"),
    [("My Fork", "cannot be a pack's id"), ("x" * 25, "cannot be a pack's id"), ("here", "exists")],
)
def test_a_new_pack_takes_no_place_that_is_not_free(
    tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir()
    assert main(["pack", "new", str(tmp_path / name)]) == 1
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


async def test_the_new_pack_is_taken_from_the_quiz_to_a_plan(core: Core, mine: Path) -> None:
    ana = Chat(Core(core.database, packs_of([str(mine)]), core.clock))
    await ana.command("/quiz")
    for label in ("A", "E", "A", "Skip", "5 h", "Plain curiosity", "See my result"):
        await ana.press(label)
    assert ana.card.title == "Clearly This Maker"
    for label in ("Make my plan", "Today", "Start this plan"):
        await ana.press(label)
    assert ana.card.title == "Your plan to become a This Maker"


@pytest.mark.parametrize("pack", ["mine", *built_in()])
def test_every_file_agrees_with_its_schema(pack: str, mine: Path) -> None:
    root, made = built_in().get(pack, mine), schemas()
    for file in root.rglob("*.yaml"):
        data = json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))
        jsonschema.Draft202012Validator(made[kind_of(file, root)]).validate(data)


def test_the_schema_sees_a_key_that_there_is_not(mine: Path) -> None:
    data = yaml.safe_load((mine / "quiz.yaml").read_text("utf-8")) | {"questoins": []}
    errors = list(jsonschema.Draft202012Validator(schemas()["quiz"]).iter_errors(data))
    assert any("questoins" in error.message for error in errors)


def test_the_schemas_are_written_for_an_editor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "schema", str(tmp_path / "schemas")]) == 0
    written = capsys.readouterr().out.split()
    assert sorted(Path(name).name for name in written) == sorted(
        f"{kind}.schema.json" for kind in FILES
    )


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - a thread looks at files, which tell of nothing
            await asyncio.sleep(0.01)


async def test_a_pack_whose_files_change_is_read_again_unless_it_has_become_wrong(
    mine: Path, caplog: pytest.LogCaptureFixture
) -> None:
    packs = packs_of([str(mine)])
    reloading = asyncio.create_task(Reload(packs, [str(mine)], seconds=0.01).run())
    try:
        file = mine / "pack.yaml"
        whole = file.read_text("utf-8")
        file.write_text("id: [", "utf-8")
        await until(lambda: "the pack is not read again" in caplog.text)
        assert packs.first.title == "This or That?"
        file.write_text(whole.replace("This or That?", "Here or There?"), "utf-8")
        await until(lambda: packs.first.title == "Here or There?")
    finally:
        reloading.cancel()
