"""What analysts ask of the store; knows no table."""
