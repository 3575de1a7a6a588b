"""Requests and answers, before any meaning."""
