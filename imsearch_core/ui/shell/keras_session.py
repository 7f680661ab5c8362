"""Keras stays ready between two runs of a page.

Once Keras is imported, Streamlit clears its session after every run of a script: 0.2 s of garbage collection,
during which every visitor waits, and the next upload needs 0.18 s instead of 0.02 s, because the network's
kernels have to be made again. This guards against scripts that build a network at each run. Ours are built
once, in a module, and live as long as the server.
"""

from streamlit.runtime.scriptrunner import script_runner


def keep_keras_ready() -> None:
    """Keep Streamlit from clearing Keras's session, for as long as the process runs."""
    script_runner._clean_problem_modules = _leave_as_it_is  # Streamlit has no setting for it


def _leave_as_it_is() -> None:
    return None
