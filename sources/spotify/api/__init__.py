"""The Web API as typed objects: what is asked, by whom, page by page."""
