"""The command line, a module a group of commands; it asks and shows and decides nothing."""
