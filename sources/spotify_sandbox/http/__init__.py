"""Requests and answers as HTTP, without their meaning."""
