"""The Web API as typed objects: client, endpoints and pagination."""
