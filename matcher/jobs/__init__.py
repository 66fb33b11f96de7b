"""Work that outlives a request: the queue, its worker, and what is done in it."""
