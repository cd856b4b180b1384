"""Tests of ``bot.storage``: on SQLite, and on PostgreSQL too where ``ADVISOR_TEST_DATABASE_URL`` names one."""
