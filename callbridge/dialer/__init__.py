"""Everything that happens by itself: waiting calls placed, unknown ones settled, ring-backs."""
