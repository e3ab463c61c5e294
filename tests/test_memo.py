"""What is kept goes with what it was made of, and never stands for anything else."""

import gc

from bot.chat.parts import Prose
from bot.memo import of_each, of_pack
from bot.pack.load import default_pack_path, load
from bot.pack.model import Pack


def test_a_pack_is_asked_once_for_each_name() -> None:
    asked: list[str] = []

    @of_pack
    def title(pack: Pack, topic: str) -> str:
        asked.append(topic)
        return pack.topic_by_id[topic].title

    pack, other = load(default_pack_path()), load(default_pack_path())
    first, second = pack.topics[:2]
    assert [title(pack, topic.id) for topic in (first, second, first)] == [
        first.title, second.title, first.title,
    ]  # fmt: skip
    assert asked == [first.id, second.id]
    title(other, first.id)
    assert asked == [first.id, second.id, first.id]


def test_what_was_made_of_an_object_is_forgotten_with_it() -> None:
    made: list[str] = []

    @of_each
    def words(part: Prose) -> str:
        made.append(str(part.text[0]))
        return made[-1]

    kept = Prose(text=("kept",))
    assert [words(kept), words(kept)] == ["kept", "kept"]
    for number in range(1000):  # one after the other in the same place of memory
        assert words(Prose(text=(str(number),))) == str(number)
    gc.collect()
    assert len(made) == 1001
    assert words(kept) == "kept"
    assert len(made) == 1001
