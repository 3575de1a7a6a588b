"""Answers of the Web API as typed objects, even if their JSON is irregular or damaged."""
