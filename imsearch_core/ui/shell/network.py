"""The server tells nobody outside that it is there.

When a page of another site tries to connect, Streamlit compares the site's name with the addresses of this
machine, and asks a service on the internet for the outer one (`streamlit.net_util`). Until the answer comes,
every visitor waits. Sites that may connect are listed in `server.corsAllowedOrigins`, so there is no need to
ask.

`imsearch app` sees to this before the server starts. `streamlit run app.py` does when the first page is
opened: Streamlit has no setting for it.
"""

from streamlit import net_util


def ask_nobody_outside() -> None:
    """Keep Streamlit from looking up the addresses of this machine, for as long as the process runs."""
    net_util.get_external_ip = net_util.get_internal_ip = _unknown


def _unknown() -> None:
    return None
