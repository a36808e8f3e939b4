"""TwiML as values: a frozen dataclass per verb, render, parse and the checks Twilio makes."""
