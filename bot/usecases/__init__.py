"""The corridors: each opens the doors of several rooms, every door once."""
