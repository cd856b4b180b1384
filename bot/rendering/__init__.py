"""What a reply looks like: Slack messages and views as plain data, terminal text, JSON."""
