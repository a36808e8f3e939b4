"""Members, seats, offices and the ZIP to seats map: sources, packed snapshot, lookup, update."""
