"""Prints reports: the only package that knows the PDF library."""
