"""Looking across: what the records of many services come to. Pure rules, above those of one service."""
