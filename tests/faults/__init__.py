"""The long ones: processes that are killed, a database that goes away. `make faults` runs them."""
