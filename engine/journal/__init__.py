"""What must not be lost: the outbox of reports and the store below it."""
