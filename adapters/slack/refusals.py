"""Slack's refusals of a direct message, and whose doing each is. docs/operations.md has them all.

What says that the token is dead is `api.DEAD`, and switches the workspace off.
"""

from collections.abc import Mapping

from adapters.shared.refusals import Cause, Whose, judge
from bot.adapter import Hindered, Refused

BUSY = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack's own trouble: it may have taken the message all the same."""

UNTELLABLE = frozenset(
    {
        "access_denied",
        "channel_not_found",
        "is_archived",
        "method_not_supported_for_channel_type",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_in_channel",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
"""Refusals of a look into the history that asking again does not change."""

_SCOPES = "install the app again with the scopes of `python -m bot slack manifest`"
_ADMIN = "a setting of the workspace keeps the app from writing: ask its admin to allow it"
_LIMIT = "Slack limits the app’s messages: wait, and look for what else it sends"
_CARD = "Slack cannot read the card, which is a fault of Crossroads: please report it"


def _all(whose: Whose, said: str, *codes: str) -> dict[str, Cause]:
    return dict.fromkeys(codes, Cause(whose, said, everybody=True))


CAUSES: Mapping[str, Cause] = {
    "channel_not_found": Cause("member", "Slack no longer knows this conversation"),
    "is_archived": Cause("member", "this conversation is archived"),
    "user_disabled": Cause("member", "this account is switched off"),
    "user_not_found": Cause("member", "Slack does not know this account here"),
    "user_not_visible": Cause("member", "Slack does not let me see this account"),
    "cannot_dm_bot": Cause("member", "this account is a bot’s"),
    **_all("operator", _SCOPES, "missing_scope", "no_permission"),
    **_all("operator", "it must be a bot’s token (xoxb-…)", "not_allowed_token_type"),
    **_all(
        "operator", "turn the Messages tab on, in the app’s settings: App Home",
        "messages_tab_disabled",
    ),
    **_all(
        "operator", _ADMIN,
        "access_denied", "accesslimited", "ekm_access_denied", "enterprise_is_restricted",
        "restricted_action", "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel", "restricted_action_thread_locked",
        "restricted_action_thread_only_channel", "two_factor_setup_required",
    ),
    **_all(
        "platform", _LIMIT, "message_limit_exceeded", "rate_limited", "ratelimited"
    ),
    **_all(
        "platform", "Slack moves the workspace into an organisation: wait", "team_added_to_org"
    ),
    **dict.fromkeys(
        (
            "invalid_arguments", "invalid_blocks", "invalid_blocks_format",
            "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large",
            "msg_blocks_too_long", "msg_too_long", "no_text",
        ),
        Cause("operator", _CARD),
    ),
    "external_channel_migrating": Cause("platform", "Slack moves the conversation: wait"),
    "not_in_channel": Cause("operator", "the app is not in this conversation any more"),
}  # fmt: skip


def refusal(code: str) -> Refused | Hindered:
    return judge(CAUSES, "Slack", code)
