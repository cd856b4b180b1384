"""Web API: who the app is, who the people are, status and prompts of the Messages tab."""

from __future__ import annotations

from bot.trial import cast, steps
from bot.trial.arguments import Arguments
from bot.trial.records import Payload, Refusal, faulty
from bot.trial.web_conversations import channel_for, message_at
from bot.trial.workspace import Workspace

PROMPTS = 4
LOADING_MESSAGES = 10


def test_api(workspace: Workspace, arguments: Arguments) -> Payload:
    """``api.test``: hand the arguments back, or the error that was asked for."""
    if "error" in arguments:
        raise Refusal(arguments.need("error"), args=arguments.raw)
    return {"args": arguments.raw}


def test_auth(workspace: Workspace, arguments: Arguments) -> Payload:
    """``auth.test``: say whose token this is."""
    return {
        "url": f"https://{cast.TEAM_DOMAIN}.slack.com/",
        "team": cast.TEAM_NAME,
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def revoke(workspace: Workspace, arguments: Arguments) -> Payload:
    """``auth.revoke``: make the token useless, unless it is only a test."""
    if not arguments.flag("test"):
        workspace.installation.revoke()
    return {"revoked": not arguments.flag("test")}


def uninstall(workspace: Workspace, arguments: Arguments) -> Payload:
    """``apps.uninstall``: take the app out of the workspace."""
    if arguments.need("client_id") != workspace.installation.client_id:
        raise Refusal("invalid_client_id")
    if arguments.need("client_secret") != workspace.installation.client_secret:
        raise Refusal("bad_client_secret")
    workspace.installation.revoke("account_inactive")
    return {}


def open_connection(workspace: Workspace, arguments: Arguments) -> Payload:
    """``apps.connections.open``: give the address of a WebSocket; refused where Socket Mode is off."""
    if workspace.connect is None:
        raise Refusal("forbidden_team")
    return {"url": workspace.connect()}


def bot_info(workspace: Workspace, arguments: Arguments) -> Payload:
    """``bots.info``: describe the bot."""
    if arguments.text("bot") not in (None, workspace.bot_id):
        raise Refusal("bot_not_found")
    bot = {"id": workspace.bot_id, "app_id": workspace.app_id, "user_id": workspace.bot_user}
    return {"bot": {**bot, "name": workspace.manifest.name, "deleted": False}}


def team_info(workspace: Workspace, arguments: Arguments) -> Payload:
    """``team.info``: describe the workspace."""
    if arguments.text("team") not in (None, workspace.team_id):
        raise Refusal("team_not_found")
    return {"team": {"id": workspace.team_id, "name": cast.TEAM_NAME, "domain": cast.TEAM_DOMAIN}}


def user_info(workspace: Workspace, arguments: Arguments) -> Payload:
    """``users.info``: describe a person."""
    return {"user": workspace.user(arguments.need("user")).to_slack(workspace.team_id)}


def look_up_email(workspace: Workspace, arguments: Arguments) -> Payload:
    """``users.lookupByEmail``: describe the person with that address; closed accounts are not found."""
    wanted = arguments.need("email").casefold()
    for user in workspace.users.values():
        if user.email.casefold() == wanted and not user.deleted:
            return {"user": user.to_slack(workspace.team_id)}
    raise Refusal("users_not_found")


def set_prompts(workspace: Workspace, arguments: Arguments) -> Payload:
    """``assistant.threads.setSuggestedPrompts``: set at most four prompts of the Messages tab."""
    channel = channel_for(workspace, arguments.need("channel_id"))
    if "thread_ts" in arguments:
        message_at(workspace, channel.id, arguments.need("thread_ts"), error="invalid_thread_ts")
    prompts = arguments.structure("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= PROMPTS:
        raise faulty("invalid_arguments", f"must have 1 to {PROMPTS} items [json-pointer:/prompts]")
    for number, prompt in enumerate(prompts):
        if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message"):
            raise faulty("invalid_arguments", f"needs title and message [json-pointer:/prompts/{number}]")
    workspace.prompts[channel.id] = {"title": arguments.text("title"), "prompts": prompts}
    return {}


def set_status(workspace: Workspace, arguments: Arguments) -> Payload:
    """``assistant.threads.setStatus``: show what the bot is doing; an empty status takes it away."""
    channel = channel_for(workspace, arguments.need("channel_id"))
    thread_ts = message_at(workspace, channel.id, arguments.need("thread_ts"), error="invalid_thread_ts").ts
    if len(arguments.structure("loading_messages") or []) > LOADING_MESSAGES:
        raise faulty("invalid_arguments", "must have at most 10 items [json-pointer:/loading_messages]")
    workspace.status[channel.id, thread_ts] = arguments.need("status")
    return {}


def complete_step(workspace: Workspace, arguments: Arguments) -> Payload:
    """``functions.completeSuccess``: a workflow step went well."""
    outputs = arguments.structure("outputs")
    if not isinstance(outputs, dict):
        raise faulty("invalid_arguments", "must provide an object [json-pointer:/outputs]")
    callback_id = workspace.started_steps.get(arguments.need("function_execution_id"))
    if callback_id is not None:
        steps.check_outputs(workspace, callback_id, outputs)
    return _end_step(workspace, arguments, {"outputs": outputs})


def fail_step(workspace: Workspace, arguments: Arguments) -> Payload:
    """``functions.completeError``: a workflow step went wrong."""
    if not arguments.need("error").strip():
        raise faulty("invalid_arguments", "must be more than 0 characters [json-pointer:/error]")
    return _end_step(workspace, arguments, {"error": arguments.need("error")})


def _end_step(workspace: Workspace, arguments: Arguments, end: Payload) -> Payload:
    step_id = arguments.need("function_execution_id")
    if step_id not in workspace.completed_steps:
        raise Refusal("function_execution_not_found")
    if workspace.completed_steps[step_id]:
        raise Refusal("execution_not_in_running_state")
    workspace.completed_steps[step_id] = end
    return {}


METHODS = {
    "api.test": test_api,
    "auth.test": test_auth,
    "auth.revoke": revoke,
    "apps.uninstall": uninstall,
    "apps.connections.open": open_connection,
    "bots.info": bot_info,
    "team.info": team_info,
    "users.info": user_info,
    "users.lookupByEmail": look_up_email,
    "assistant.threads.setSuggestedPrompts": set_prompts,
    "assistant.threads.setStatus": set_status,
    "functions.completeSuccess": complete_step,
    "functions.completeError": fail_step,
}
