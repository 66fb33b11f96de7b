"""Runs over spreadsheets without their pages: reading the rows, checking them, letters, the files that come back."""
