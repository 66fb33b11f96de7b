"""The commands of `matcher`, one module each, and the words and columns in which they answer."""
