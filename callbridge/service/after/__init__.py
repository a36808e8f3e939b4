"""What a supporter can do after the call, by links of their own."""
