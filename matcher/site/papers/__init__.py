"""Papers to take along: the result sheet, the list of papers to bring, the dates for a calendar."""
