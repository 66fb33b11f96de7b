"""The desk of a service centre: who may do what, signing in, cases, runs over spreadsheets, outreach, retention."""
