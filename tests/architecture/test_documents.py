"""What is written about the house is true of the house."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

CHECKOUT = Path(__file__).resolve().parents[2]
DOCS = CHECKOUT / "docs"
TERMS = sorted((DOCS / "glossary" / "terms").glob("*.yaml"))


def all_docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [CHECKOUT / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("path", TERMS, ids=lambda path: path.stem)
def test_each_glossary_term_points_to_code_that_carries_it(path: Path) -> None:
    term = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert set(term) <= {"vi", "en", "where", "means", "source", "not", "also"}, "an unknown key"
    assert term["vi"] and term["means"]
    module = importlib.import_module(term["where"])
    assert hasattr(module, term["en"].split(".")[0]), f"{term['where']} has no {term['en']}"


@pytest.mark.parametrize("path", TERMS, ids=lambda path: path.stem)
def test_a_search_for_the_vietnamese_term_finds_the_code(path: Path) -> None:
    term = yaml.safe_load(path.read_text(encoding="utf-8"))
    module = importlib.import_module(term["where"])
    source = Path(module.__file__ or "").read_text(encoding="utf-8").lower()

    assert term["vi"].lower() in source, f"{term['where']} never says “{term['vi']}”"


def test_one_english_word_for_each_vietnamese_term() -> None:
    terms = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in TERMS]
    names = [(term["where"], term["en"]) for term in terms]

    assert len(terms) >= 30
    assert len(set(names)) == len(names)
    assert len({term["vi"] for term in terms}) == len(terms)


def test_every_setting_is_documented() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "src/lienthong/config").rglob("*.py"))
    named = set(re.findall(r"environment\.(?:text|flag)\(\s*\"(\w+)\"", source)) | {"DATA_DIR"}
    documented = (DOCS / "operations" / "settings.md").read_text(encoding="utf-8")

    missing = sorted(name for name in named if f"LIENTHONG_{name}" not in documented)

    assert missing == []


def test_every_command_is_documented() -> None:
    own = [name for name, owner in get_commands().items() if str(owner).startswith("lienthong")]
    text = all_docs()

    missing = sorted(name for name in own if f"./lienthong {name}" not in text)

    assert own
    assert missing == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in [
        CHECKOUT / "README.md",
        CHECKOUT / "ARCHITECTURE.md",
        CHECKOUT / "CONTRIBUTING.md",
        *DOCS.rglob("*.md"),
    ]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(CHECKOUT)} → {target}")

    assert broken == []


def test_the_walk_of_the_readme_uses_the_words_of_the_screens() -> None:
    readme = " ".join((CHECKOUT / "README.md").read_text(encoding="utf-8").split())
    quoted = re.findall(r"(?<![*\w])\*([^*]+)\*(?!\*)", readme)
    places = [*(CHECKOUT / "src/lienthong").rglob("*.py"), *(CHECKOUT / "templates").rglob("*.html")]
    places += (CHECKOUT / "src/lienthong/catalogue/data/procedures").glob("*.yaml")
    said = "\n".join(path.read_text(encoding="utf-8") for path in places).lower()

    assert len(quoted) > 20
    assert [words for words in quoted if words.lower() not in said] == []


def test_every_package_is_on_the_map() -> None:
    source = CHECKOUT / "src/lienthong"
    packages = [path.parent for path in [*source.glob("*/__init__.py"), *source.glob("*/*/__init__.py")]]
    names = [str(path.relative_to(source)) for path in packages if path.name != "migrations"]
    map_of_code = (CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert [name for name in sorted(names) if f"`{name}`" not in map_of_code] == []


def test_every_decision_record_has_its_parts() -> None:
    records = sorted((DOCS / "decisions").glob("0*.md"))

    assert len(records) >= 10
    for path in records:
        text = path.read_text(encoding="utf-8")
        for part in ("Context", "Decision", "Consequences"):
            assert f"## {part}" in text, f"{path.name} lacks “{part}”"


def test_the_procedure_of_the_how_to_is_one_that_the_house_takes() -> None:
    from lienthong.catalogue.checks import check_version
    from lienthong.catalogue.files.reading import read_procedure
    from lienthong.catalogue.files.yaml_file import read_yaml

    text = (DOCS / "how-to" / "add-a-procedure.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (raw,) = read_yaml(example.encode())
    reading = read_procedure(raw, field="social-protection")

    assert reading.findings == ()
    assert [finding for version in reading.procedure.versions for finding in check_version(version)] == []


def test_every_how_to_begins_with_the_files_that_change() -> None:
    for path in sorted((DOCS / "how-to").glob("[!R]*.md")):
        assert "**Files impacted**" in path.read_text(encoding="utf-8")[:800], path.name


def values_of_the_law(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each table of dated values with each of its values."""
    tables = [content] if "unit" in content else list(content.values())
    for table in tables:
        for value in (table["days"] if "days" in table else table["values"]).values():
            yield table, value


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / "src/lienthong/rules/parameters").rglob("*.yaml")), ids=lambda path: path.stem
)
def test_every_value_of_the_law_has_a_unit_and_a_source(path: Path) -> None:
    found = list(values_of_the_law(yaml.safe_load(path.read_text(encoding="utf-8"))))

    assert found or path.stem == "provincial"  # a province need not have set anything
    for table, value in found:
        assert table["vi"] and table["unit"]
        assert value["reference"] and value["confidence"]
