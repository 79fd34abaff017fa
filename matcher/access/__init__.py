"""Who may see and do what: one table of rights, and one door per thing. What is not yours is not found."""
