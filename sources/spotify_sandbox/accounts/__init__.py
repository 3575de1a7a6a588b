"""The accounts service: apps, consent, scopes and tokens."""
