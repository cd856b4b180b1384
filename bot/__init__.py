"""Advisor: curated, sourced and dated advice for digital teams in local government."""
