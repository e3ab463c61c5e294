"""Schema as the migrations leave it, read from their text."""

import re

from bot.store.migrate import migrations


def tables() -> dict[str, str]:
    """The columns of each table, as it was created last."""
    found: dict[str, str] = {}
    for _, script in migrations():
        created = 0
        for dropped, name, columns in re.findall(
            r"DROP TABLE (\w+);|CREATE TABLE (\w+) \((.*?)\n\)", script, re.DOTALL
        ):
            if dropped:
                del found[dropped]
            else:
                found[name], created = columns, created + 1
        assert created == script.count("CREATE TABLE "), script
    return found
