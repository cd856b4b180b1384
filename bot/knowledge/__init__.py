"""What is known: entries read from YAML, checked together, never changed."""
