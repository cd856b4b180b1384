"""Tests of the stand-in Slack: that it refuses what Slack refuses and delivers what Slack delivers."""
