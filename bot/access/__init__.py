"""Who may do what: pure rules about roles."""
