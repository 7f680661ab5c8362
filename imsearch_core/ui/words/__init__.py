"""Words: a panel of the Search page, and the address under which it once was a page."""
