"""From matches to a reply: an answer, a choice or a decline."""
