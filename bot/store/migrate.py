"""Brings a database up to date: numbered SQL files, each applied in a transaction, in order."""

from functools import partial
from importlib import resources

from bot.store.database import Database, RefusedError, Transaction

_NEWER = (
    "the database is at schema {found}, newer than this version of Crossroads knows ({known}): "
    "upgrade Crossroads, or restore the backup that you took before the upgrade"
)
_OLDER = (
    "the database is at schema {found}, and this version of Crossroads needs {known}:"
    " run `python -m bot migrate` first"
)


class SchemaError(Exception):
    """The database's schema is not one that this code can work with."""


class _TakenBackError(Exception):
    """Ends a transaction that shall leave nothing behind."""


def migrations() -> list[tuple[int, str]]:
    """Number and SQL of every migration, in order."""
    files = resources.files("bot.store") / "migrations"
    names = sorted(file.name for file in files.iterdir() if file.name.endswith(".sql"))
    return [(int(name[:4]), (files / name).read_text("utf-8")) for name in names]


async def migrate(database: Database) -> tuple[int, int]:
    """Apply what is missing; the schema numbers before and after. Raises SchemaError."""
    before = await current(database)
    for number, script in migrations():
        await database.transact(partial(_apply, number=number, script=script), alone=True)
    return before, newest()


async def check_current(database: Database) -> None:
    """SchemaError where the database is not at the schema of this code."""
    if (found := await current(database)) < newest():
        older = _OLDER.format(found=found, known=newest())
        raise SchemaError(older + await _refusal(database))


async def _refusal(database: Database) -> str:
    """What `migrate` would be refused for this user, tried in a transaction that is taken back."""

    async def create(transaction: Transaction) -> None:
        await transaction.run("CREATE TABLE may_be_created (number BIGINT)")
        raise _TakenBackError

    try:
        await database.transact(create, alone=True)
    except RefusedError as error:
        return f", as a user who may create tables; {error}"
    except _TakenBackError:
        pass
    return ""


async def current(database: Database) -> int:
    """The schema that is there, 0 for none. SchemaError for one that is newer than this code."""
    found = await database.transact(_current, alone=True)
    if found > newest():
        raise SchemaError(_NEWER.format(found=found, known=newest()))
    return found


def newest() -> int:
    return migrations()[-1][0]


async def _current(transaction: Transaction) -> int:
    # A look only: whoever runs the bot may not be who may create tables.
    look = f"SELECT name FROM {transaction.tables} WHERE name = 'schema_versions'"  # noqa: S608
    if not await transaction.fetch(look):
        return 0
    rows = await transaction.fetch("SELECT COALESCE(MAX(number), 0) AS number FROM schema_versions")
    return int(rows[0]["number"])


async def _apply(transaction: Transaction, number: int, script: str) -> None:
    # Read again inside the transaction: two processes may start at once.
    if (found := await _current(transaction)) >= number:
        return
    if found == 0:
        await transaction.run(
            "CREATE TABLE IF NOT EXISTS schema_versions (number BIGINT PRIMARY KEY)"
        )
    for statement in statements(script):
        await transaction.run(statement)
    await transaction.run("INSERT INTO schema_versions (number) VALUES (:number)", number=number)


def statements(script: str) -> list[str]:
    """Split a script at the semicolons that end a line; comments are lines that start with `--`."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    parts = "\n".join(lines).split(";\n")
    return [part.strip() for part in parts if part.strip()]
