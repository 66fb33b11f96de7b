"""Cases without their pages: what is kept of one, merging, letters from it, files, who stated what."""
