"""The two pages at the end of an installation: what was granted and what next, or why it was not done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.manifest import INSTALL_PATH

_FRAME = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} - Advisor</title>
<style>
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #0b0c0c; background: #fff; }
a { color: #1d5fa8; }
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
"""

_SUCCESS = (
    _FRAME
    + """<p>Advisor answers questions about digital services in local government and prompts teams through
checkpoints.</p>
<h2>What you allowed</h2>
<ul>
{% for scope, why in granted %}<li><code>{{ scope }}</code>{% if why %}: {{ why }}{% endif %}</li>
{% endfor %}</ul>
{% if refused %}<p>You left out what is optional. Everything works without; what each is for:</p>
<ul>
{% for scope, why in refused %}<li><code>{{ scope }}</code>: {{ why }}</li>
{% endfor %}</ul>
{% endif %}<h2>What next</h2>
<ol>
<li>In Slack, open Advisor under <b>Apps</b> and ask it something, such as: what is a discovery?</li>
<li>In the channel of a team, type <code>/invite @Advisor</code>. Then anybody there can mention it.</li>
<li>There, type <code>/checkpoint start</code> to have the team prompted before a phase ends or money is spent.</li>
</ol>
{% if url %}<p><a href="{{ url }}">Go to Slack</a></p>
{% endif %}<p>Whoever manages apps in Slack can take Advisor out at any time. What it has kept of {{ name }} is
then deleted.</p>
</main>
</body>
</html>
"""
)

_FAILURE = (
    _FRAME
    + """<p>{{ why }}</p>
<p>Nothing was changed in Slack or here. <a href="{{ again }}">Install Advisor</a></p>
</main>
</body>
</html>
"""
)

_REASONS = {
    "access_denied": "You chose not to install it.",
    "invalid_browser": "The installation was begun in another browser, or this browser does not keep cookies. "
    "Begin again, and stay in one browser.",
    "invalid_state": "The page from Slack was used before, or came after more than ten minutes. Begin again.",
    "missing_code": "Slack did not send what is needed. Begin again.",
    "invalid_code": "Slack did not accept the installation any more. Begin again.",
    "storage_error": "Advisor could not keep the installation. Please tell the person who runs it, then begin again.",
}


def installed_page(
    name: str,
    granted: Sequence[str],
    reasons: Mapping[str, str],
    optional: Mapping[str, str],
    *,
    app_id: str,
    team_id: str,
) -> str:
    """
    The page for somebody who has just installed Advisor in the workspace *name*: which scopes were *granted* and why
    each is asked for, which *optional* ones were not, and what to do next.
    """
    why = {**reasons, **optional}
    url = f"https://slack.com/app_redirect?app={app_id}&team={team_id}" if app_id and team_id else ""
    return _render(
        _SUCCESS,
        title=f"Advisor is installed in {name}",
        name=name,
        granted=[(scope, why.get(scope, "")) for scope in granted],
        refused=[(scope, text) for scope, text in optional.items() if scope not in granted],
        url=url,
    )


def not_installed_page(reason: str) -> str:
    """The page for somebody who has not installed Advisor; *reason* is Bolt's or Slack's word for why."""
    why = _REASONS.get(reason, "Something went wrong on the way. Begin again.")
    return _render(_FAILURE, title="Advisor is not installed", why=why, again=INSTALL_PATH)


def _render(source: str, **given: object) -> str:
    # Loaded here: whoever does not install needs no templates.
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(source).render(**given)
