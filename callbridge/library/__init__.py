"""Campaign documents: files to a Campaign, or every problem at once in an organizer's words."""
