"""variants.yaml as written: a staff module's items in the working days of other jobs."""

from dataclasses import dataclass

from lessons.findings import Finding
from lessons.item_schemas import VariantsSchema
from lessons.item_variants import Reworded, Variant
from lessons.marked_yaml import Marked, read_yaml
from lessons.shapes import check_shape

FILE = "variants.yaml"


@dataclass(frozen=True)
class WrittenVariants:
    """`variants` are (item id, variant) in the order written; `at` knows the line of each: ("variants", 0, "stem").

    keys  {(place of the variant, option id): correct or not}, where the file says it again
    """

    module: str
    variants: tuple[tuple[str, Variant], ...]
    keys: dict[tuple[int, str], bool]
    at: Marked

    def of(self, item_id: str) -> tuple[Variant, ...]:
        return tuple(variant for item, variant in self.variants if item == item_id)


def read_variants(text: str, file: str) -> tuple[WrittenVariants | None, list[Finding]]:
    """The variants, or nothing and what is wrong with their shape. Raises UnreadableSource."""
    source = read_yaml(text, file)
    values, findings = check_shape(VariantsSchema(), source)
    if findings:
        return None, findings
    keys = {}
    written = []
    for i, each in enumerate(values["variants"]):
        for option in each["options"]:
            if (correct := option.pop("correct")) is not None:
                keys[i, option["id"]] = correct
        options = tuple(Reworded(**option) for option in each["options"])
        written.append((each["item"], Variant(each["role"], each["stem"], options)))
    return WrittenVariants(values["module"], tuple(written), keys, source), []
