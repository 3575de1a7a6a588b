"""Answers of the Web API as typed objects, however odd their JSON."""
