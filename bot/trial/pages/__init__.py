"""The workspace in a browser: what Slack would draw, drawn by this machine for this machine alone.

Start reading at ``site.py``: it says which addresses there are. ``screens.py`` puts together what a page shows,
``deeds.py`` does what a person asks for, ``news.py`` tells a page that is open what has changed.
"""
