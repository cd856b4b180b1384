"""A strict stand-in for Slack on this machine: its Web API, its delivery, and people to act as.

One implementation serves the tests (a fake Slack that refuses what Slack refuses) and the trial mode
(a workspace without Slack). Start reading at ``server.py``.
"""
