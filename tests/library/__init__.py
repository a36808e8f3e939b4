"""Tests of the campaign library."""
