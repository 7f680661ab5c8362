"""Words: the words nearest to a text, arithmetic with words, and the classes that a word leads to."""

import streamlit as st

from imsearch_core.encoders.imagenet import note_about, search_classes
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.search.weighting import NAME_OF
from imsearch_core.ui.search.words import offer_spellings
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import go_to
from imsearch_core.ui.words.tables import word_table
from imsearch_core.words.glove import BUILTIN, glove_files, glove_folder
from imsearch_core.words.vectors import UnknownWordsError

EXAMPLES = ("ocean", "sofa", "king − man + woman", "kitten − cat + dog", "dining table")
BUILT_IN = "Built in"
SHOWN = 16


def words_page() -> None:
    frame("Words")

    st.title("Words", anchor=False)
    files = {path.stem: path for path in glove_files()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "A word or a few",
            key="words",
            bind="query-params",
            placeholder=EXAMPLES[0],
            help="Several words are averaged; + and − add and take away.",
        )
        name = BUILT_IN
        if files:
            name = st.selectbox(
                "Word vectors",
                [BUILT_IN, *files],
                key="table",
                bind="query-params",
                width=220,
            )
    with st.container(horizontal=True, gap="small"):
        for example in EXAMPLES:
            st.button(example, key=f"example_{example}", on_click=ask, args=(example,), type="tertiary")

    try:
        modified_ns = files[name].stat().st_mtime_ns if name in files else 0
        glove = word_table(str(files.get(name, BUILTIN)), modified_ns)
        table = glove.table
        meaning = table.meaning(text or EXAMPLES[0])
        near = table.nearest(meaning, SHOWN)
    except (ImsearchError, OSError) as error:
        reason = str(error)
        st.info(plain(reason[:1].upper() + reason[1:]), icon=":material/spellcheck:")
        if isinstance(error, UnknownWordsError):
            offer_spellings(text, error.unknown, ask)
        st.stop()
    offer_spellings(text, meaning.unknown, ask)

    left, right = st.columns([1.6, 1], gap="large")
    with left:
        made_of = " + ".join(meaning.plus) + "".join(f" − {word}" for word in meaning.minus)
        st.caption(f"Nearest to {plain(made_of)}, with their cosine. Pick one to go on from it.")
        with st.container(gap=None):
            for word in near:
                with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                    label = f"{plain(word.word)} :gray[{word.cosine:.2f}]"
                    key = f"near_{word.word}"
                    st.button(label, key=key, on_click=ask, args=(word.word,), type="tertiary", width=190)
                    st.progress(max(0.0, word.cosine), width="stretch")
    with right:
        leading = [near[0].word] if meaning.minus else meaning.plus  # arithmetic: what it comes to
        sought = " ".join(leading)
        if st.button(
            f"Search your pictures for {plain(sought)}", icon=":material/image_search:", key="sought"
        ):
            go_to("app.py", text=sought)
        classes = {c.index: c for word in leading for c in search_classes(word)[:6]}
        if classes:
            st.caption("Classes to weight a search of your pictures by")
        else:
            st.caption(f"No ImageNet class is like {plain(', '.join(leading))}.")
        with st.container(horizontal=True, gap="small"):
            for index, found in list(classes.items())[:12]:
                if st.button(found.name, key=f"class_{index}", icon=":material/image_search:"):
                    go_to("app.py", **{"class": NAME_OF[index], "weighted": "true"})
        for note in dict.fromkeys(filter(None, map(note_about, leading))):
            st.caption(note)
        left_out = f" {plain(glove.note)}." if glove.note else ""
        st.caption(
            f"{len(table):,} words and phrases in {table.dimension} dimensions, {plain(table.name)}."
            + left_out
        )
        if not files:
            st.caption(f"GloVe can be chosen here once it lies in {plain(glove_folder())}.")
            st.code("python -m imsearch_core words fetch-glove", language=None, wrap_lines=True)


def ask(text: str) -> None:
    st.session_state["words"] = text
