"""The choice of an encoder: one of the presets, or any other model by its place."""

from contextlib import suppress
from typing import NoReturn

import streamlit as st

from imsearch_core.encoders import DEFAULT_ENCODER, Preset, find_preset, fingerprint, missing_files, presets
from imsearch_core.encoders.onnx_model import HUB, PATH, folder_named
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.fetching import offer_encoder
from imsearch_core.ui.shell.folders import allowed_folder
from imsearch_core.ui.shell.settings import keep_settings, recall, remember
from imsearch_core.ui.shell.text import plain, sendable, sentence


def encoder_names(*others: str) -> list[str]:
    """The names of the presets, then those of `others` that are not among them."""
    names = [preset.name for preset in presets()]
    return [*names, *(other for other in others if other not in names)]


def choose_encoder() -> str:
    """The list of encoders, and a box for any other model. The choice lives in the link."""
    recall("encoder", encoder_names(), prefixes=(HUB, PATH))
    asked = (st.session_state.get("encoder"), st.query_params.get("encoder"))  # they differ after Back
    encoder = st.selectbox(
        "Encoder",
        encoder_names(*dict.fromkeys(filter(None, asked))),
        key="encoder",
        bind="query-params",
        format_func=sendable,
        accept_new_options=True,  # so that a link may name any model
        on_change=remember,
        args=("encoder",),
    )
    with suppress(ImsearchError):  # `check_encoder` says what is wrong
        st.caption(plain(_preset(encoder).description))
    st.text_input(
        "Another model",
        key="another_model",
        placeholder=f"{HUB}OWNER/NAME or {PATH}FOLDER",
        help="A model of the Hugging Face hub, or a folder with one, in the ONNX layout. The name may end in "
        "a precision: :fp16 or :int8.",
        on_change=_use_another,
    )
    return encoder


def check_encoder(encoder: str) -> None:
    """Go on if there is such an encoder on this machine. If not, offer to fetch it, or say why not, and end
    the script."""
    try:
        missing = missing_files(_preset(encoder))
    except ImsearchError as error:
        _end_with(error)
    if missing:
        offer_encoder(missing, offer_default)


def blame_encoder(encoder: str) -> None:
    """After a failure: if the encoder is the cause, say so, and end the script. It may read large files."""
    try:
        fingerprint(_preset(encoder))
    except ImsearchError as error:
        _end_with(error)


def _end_with(error: ImsearchError) -> NoReturn:
    keep_settings()
    st.title(":material/model_training: This encoder cannot be used", anchor=False)
    st.markdown(sentence(error))
    with st.container(horizontal=True):
        offer_default()
        st.button("Try again", icon=":material/refresh:", type="tertiary")
    st.stop()


def offer_default() -> None:
    """A button for the default encoder."""
    name = DEFAULT_ENCODER
    st.button(f"Use {name}", icon=":material/undo:", on_click=use_encoder, args=(name,))


def use_encoder(encoder: str) -> None:
    """Choose an encoder, now and for the next visit."""
    st.session_state["encoder"] = encoder
    remember("encoder")


def _use_another() -> None:
    if name := st.session_state["another_model"].strip():
        use_encoder(name)
    st.session_state["another_model"] = ""


def _preset(encoder: str) -> Preset:
    """The preset of this name. Raises UsageError if its folder is not one that pages may open."""
    if folder := folder_named(encoder):
        allowed_folder(str(folder))
    return find_preset(encoder)
