"""Writes to Spotify: plans with few requests, and their idempotent execution."""
