"""What calls cost and may cost: held at the claim, booked after the call."""
