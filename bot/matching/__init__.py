"""How close a question is to each entry: the only room that knows rapidfuzz."""
