"""The rules of callbridge, pure: standard library only; time and chance are arguments."""
