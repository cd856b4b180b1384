"""A second opinion: Advisor before a stand-in for Slack that we did not write. ``make test-standin`` runs it."""
