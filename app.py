"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both.

`streamlit run app.py` imports this file and serves its `app`; each session then runs the file as a script.
"""

if __name__ == "__main__":
    from imsearch_core import ui

    ui.search_page()
else:
    from starlette.middleware import Middleware
    from streamlit import App

    from imsearch_core.server import OurPage, OwnHostOnly, routes, start

    ours = [Middleware(OwnHostOnly), Middleware(OurPage)]
    app = App(__file__, lifespan=start, routes=routes(), middleware=ours)
