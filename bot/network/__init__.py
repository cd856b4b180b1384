"""Councils finding each other: what is shared, introductions, reviewers. Pure rules, above those of one team."""
