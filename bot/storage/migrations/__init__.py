"""The steps from no tables to today's; each is written by hand, and a test compares the end with ``tables.py``."""
