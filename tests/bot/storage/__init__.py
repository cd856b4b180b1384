"""Tests of ``bot.storage``: on SQLite, and on a PostgreSQL that the tests start themselves."""
