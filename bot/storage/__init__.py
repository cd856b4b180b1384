"""What must outlive a restart: tables, one store a subject, migrations. The only room that knows SQL."""
