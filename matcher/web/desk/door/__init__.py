"""Coming in and going out: signing in, sessions and their end, and the form that waits at the door."""
