"""A browser in a few lines, for BROWSER: opens a page of consent, agrees, and goes where it is sent."""

import re
import sys

import requests


def main() -> None:
    """Opens the address that is given."""
    address = sys.argv[1]
    with requests.Session() as browser:
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.get(address, timeout=30).text)
        form = {"ticket": ticket[1] if ticket else "", "decision": "agree"}
        browser.post(address.partition("?")[0], form, timeout=30)


if __name__ == "__main__":
    main()
