"""The rules of checkpoints: pure functions over frozen values; no clock, no files, no database, no Slack.

Read in this order: refusals, services, templates, checkpoint (the types), evidence, progress, calendar, prefill,
signoff, receipts, blind, radar, notifications (the types), quiet, schedule, blind_schedule, dispatch, register_cells,
register, calendar_file.
"""
