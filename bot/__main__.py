"""``python -m bot`` is ``advisor``."""

from bot.cli import main

main()
