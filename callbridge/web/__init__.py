"""The web: supporter pages, JSON API, voice hooks, the organizers' and analysts' pages, health."""
