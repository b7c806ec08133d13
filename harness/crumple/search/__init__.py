"""Courses that look for something: where a system breaks."""
