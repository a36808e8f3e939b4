"""A telephone exchange in a box: Twilio's call API and TwiML on loopback, people at both ends."""
