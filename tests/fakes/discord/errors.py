"""How Discord says no: status, code, message, and where in the form the fault is."""

import json

from aiohttp import web

from tests.fakes.discord.components import Json, Problem


class RefusalError(Exception):
    """An answer of 4xx with Discord's JSON error body."""

    def __init__(
        self, status: int, code: int, message: str, problems: list[Problem] | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message} {problems or ''}")
        self.status, self.code, self.message = status, code, message
        self.problems = problems or []

    def response(self) -> web.Response:
        body: Json = {"message": self.message, "code": self.code}
        if self.problems:
            body["errors"] = nested(self.problems)
        return reply(body, self.status)


def nested(problems: list[Problem]) -> Json:
    tree: Json = {}
    for path, message in problems:
        node = tree
        for key in filter(None, path.split(".")):
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": "INVALID", "message": message})
    return tree


def reply(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with a Content-Type of exactly `application/json`: discord.py reads no other."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        content_type="application/json",
        headers=headers,
    )


def form_error(problems: list[Problem]) -> RefusalError:
    return RefusalError(400, 50035, "Invalid Form Body", problems)


def unknown_interaction() -> RefusalError:
    return RefusalError(404, 10062, "Unknown interaction")


def already_acknowledged() -> RefusalError:
    return RefusalError(400, 40060, "Interaction has already been acknowledged.")


def unauthorized() -> RefusalError:
    return RefusalError(401, 0, "401: Unauthorized")
