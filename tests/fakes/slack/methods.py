"""The methods of the Web API, one function each."""

from __future__ import annotations

from tests.fakes.slack.web_api import ApiError, WebApi, api, with_ids
from tests.fakes.slack.world import Json, Message, Token

TOKEN_SECONDS = 12 * 60 * 60


@api("auth.test", "team_id url")
def _auth_test(self: WebApi, token: Token, args: Json) -> Json:
    workspace = self.world.workspaces[min(self.world.teams_of(token))]
    return {
        "url": f"https://{workspace.name}.slack.example/",
        "team": workspace.name,
        "user": "crossroads",
        "team_id": workspace.id,
        "enterprise_id": workspace.enterprise,
        "is_enterprise_install": workspace.org_wide,
        "user_id": token.bot_user,
        "bot_id": "BBOT",
    }


@api("apps.connections.open")
def _connections_open(self: WebApi, token: Token, args: Json) -> Json:
    return {"url": self.open_ticket()}


_MESSAGE = "channel text blocks metadata unfurl_links unfurl_media mrkdwn thread_ts"


@api("chat.postMessage", _MESSAGE, "chat:write")
def _post_message(self: WebApi, token: Token, args: Json) -> Json:
    self.check_message(args)
    team, channel = self.channel_of(token, str(args.get("channel")))
    self.pace(channel)
    message = self.post(team, channel, args)
    return {"channel": channel, "ts": message.ts, "message": _shown(message)}


@api("chat.postEphemeral", _MESSAGE + " user", "chat:write")
def _post_ephemeral(self: WebApi, token: Token, args: Json) -> Json:
    self.check_message(args)
    team, channel = self.channel_of(token, str(args.get("channel")))
    if args.get("user") not in self.world.workspaces[team].members:
        raise ApiError("user_not_in_channel")
    message = self.post(team, channel, args, only_for=args["user"])
    return {"message_ts": message.ts}


@api("chat.update", _MESSAGE + " ts", "chat:write")
def _update(self: WebApi, token: Token, args: Json) -> Json:
    self.check_message(args)
    _, channel = self.channel_of(token, str(args.get("channel")))
    message = self.world.find_message(channel, str(args.get("ts")))
    if message is None or message.only_for:  # an ephemeral message cannot be updated by its ts
        raise ApiError("message_not_found")
    self.change(message, args)
    return {"channel": channel, "ts": message.ts, "text": message.text}


@api("chat.delete", "channel ts", "chat:write")
def _delete(self: WebApi, token: Token, args: Json) -> Json:
    _, channel = self.channel_of(token, str(args.get("channel")))
    message = self.world.find_message(channel, str(args.get("ts")))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    message.deleted = True
    return {"channel": channel, "ts": message.ts}


@api("views.open", "trigger_id view")
def _open_view(self: WebApi, token: Token, args: Json) -> Json:
    payload = self.check_view(args)
    trigger = self.redeem(args.get("trigger_id"))
    view = self.new_view(trigger.team, trigger.user, payload)
    self.world.modals[(trigger.team, trigger.user)] = [view]
    return {"view": {"id": view.id, "hash": view.hash, **view.payload}}


@api("views.push", "trigger_id view")
def _push_view(self: WebApi, token: Token, args: Json) -> Json:
    payload = self.check_view(args)
    trigger = self.redeem(args.get("trigger_id"))
    stack = self.world.modals[(trigger.team, trigger.user)]
    if len(stack) >= 3:
        raise ApiError("push_limit_reached")
    stack.append(view := self.new_view(trigger.team, trigger.user, payload))
    return {"view": {"id": view.id, "hash": view.hash, **view.payload}}


@api("views.update", "view_id view hash external_id")
def _update_view(self: WebApi, token: Token, args: Json) -> Json:
    payload = self.check_view(args)
    view = self.world.find_view(str(args.get("view_id")))
    if view is None:
        raise ApiError("not_found")
    if args.get("hash") not in {None, view.hash}:
        raise ApiError("hash_conflict")
    view.payload, view.errors = with_ids(payload), {}
    view.revision = self.world.number()
    view.hash = f"hash-{view.revision}"
    return {"view": {"id": view.id, "hash": view.hash, **view.payload}}


@api("views.publish", "user_id view hash")
def _publish(self: WebApi, token: Token, args: Json) -> Json:
    payload = self.check_view(args)
    team, _ = self.channel_of(token, str(args.get("user_id")))
    view = self.new_view(team, args["user_id"], payload)
    self.world.homes[(team, args["user_id"])] = view
    return {"view": {"id": view.id, "hash": view.hash, **view.payload}}


@api("users.info", "user include_locale", "users:read")
def _user_info(self: WebApi, token: Token, args: Json) -> Json:
    for team in self.world.teams_of(token):
        if member := self.world.workspaces[team].members.get(str(args.get("user"))):
            return {"user": member}
    raise ApiError("user_not_found")


@api("conversations.open", "users return_im prevent_creation", "im:write")
def _open_conversation(self: WebApi, token: Token, args: Json) -> Json:
    try:
        _, channel = self.channel_of(token, str(args.get("users")))
    except ApiError as error:
        raise ApiError("user_not_found") from error
    return {"channel": {"id": channel}}


@api(
    "conversations.history",
    "channel limit cursor oldest latest inclusive include_all_metadata",
    "im:history",
)
def _history(self: WebApi, token: Token, args: Json) -> Json:
    _, channel = self.channel_of(token, str(args.get("channel")))
    since = float(args.get("oldest") or 0)
    found = [
        message
        for message in reversed(self.world.messages)
        if message.channel == channel
        and not message.deleted
        and message.only_for is None
        and float(message.ts) >= since
    ]
    begin, limit = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    end = begin + min(limit, 999)
    metadata = str(args.get("include_all_metadata")).lower() in {"1", "true"}
    return {
        "messages": [_shown(message, metadata) for message in found[begin:end]],
        "has_more": end < len(found),
        **({"response_metadata": {"next_cursor": str(end)}} if end < len(found) else {}),
    }


@api(
    "oauth.v2.access",
    "code redirect_uri grant_type refresh_token client_id client_secret",
)
def _access(self: WebApi, token: Token, args: Json) -> Json:
    if (args.get("client_id"), args.get("client_secret")) != self.client:
        raise ApiError("bad_client_secret")
    if args.get("grant_type") == "refresh_token":
        return _refresh(self, str(args.get("refresh_token")))
    grant = self.world.codes.pop(str(args.get("code")), None)
    if grant is None:
        raise ApiError("invalid_code")
    workspace = self.world.workspaces[grant["team"]]
    new = self.world.grant(workspace.installed_as, scopes=frozenset(grant["scopes"]))
    enterprise = {"id": workspace.enterprise, "name": "Org"} if workspace.enterprise else None
    return {
        "access_token": new.value,
        "token_type": "bot",
        "scope": ",".join(sorted(new.scopes)),
        "bot_user_id": new.bot_user,
        "app_id": "A1",
        "team": None if workspace.org_wide else {"id": workspace.id, "name": workspace.name},
        "enterprise": enterprise,
        "is_enterprise_install": workspace.org_wide,
        "authed_user": {"id": grant["user"]},
        **(_expiry(self, new) if self.world.rotating else {}),
    }


def _expiry(self: WebApi, token: Token) -> Json:
    """Make the token expire, and hand out the refresh token that renews it once."""
    token.expires_at = self.world.clock() + TOKEN_SECONDS
    refresh = f"xoxe-1-{self.world.number()}"
    self.world.refresh_tokens[refresh] = token.value
    return {"expires_in": TOKEN_SECONDS, "refresh_token": refresh}


def _refresh(self: WebApi, refresh: str) -> Json:
    old = self.world.tokens.get(self.world.refresh_tokens.get(refresh, ""))
    if old is None:
        self.world.reused_refresh_tokens += 1
        raise ApiError("invalid_refresh_token")
    del self.world.refresh_tokens[refresh]
    new = self.world.grant(old.team, f"xoxe.xoxb-{self.world.number()}", old.scopes)
    old.expires_at = min(old.expires_at or 0, self.world.clock() + 2)
    return {
        "access_token": new.value,
        "token_type": "bot",
        "scope": ",".join(sorted(new.scopes)),
        "bot_user_id": new.bot_user,
        "team": {"id": new.team},
        **_expiry(self, new),
    }


def _shown(message: Message, metadata: bool = True) -> Json:
    shown: Json = {
        "type": "message",
        "user": message.user,
        "bot_id": "BBOT",
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
    }
    return {**shown, "metadata": message.metadata} if metadata and message.metadata else shown
