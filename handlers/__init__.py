"""Slack at the door: thin listeners that read a payload, call one use case and send what it returns."""
