import gettext
import json
import os
import shutil
from pathlib import Path

import pytest

from lienthong.infra import assets

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hồ sơ"
msgstr "Dossier"
"""

needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None and not os.environ.get("CI"),
    reason="no npm on this machine; ./lienthong up brings its own",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose build copies one file and needs no package."""
    build = "mkdir -p static/dist && cp static/src/app.css static/dist/ && date +%N > static/dist/built"
    package = {"name": "test", "version": "1.0.0", "scripts": {"build": build}}
    lock = {
        "name": "test",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": {"name": "test", "version": "1.0.0"}},
    }
    (tmp_path / "package.json").write_text(json.dumps(package))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "static" / "src").mkdir(parents=True)
    (tmp_path / "static" / "src" / "app.css").write_text("a{}")
    (tmp_path / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po").write_text(PO, encoding="utf-8")
    return tmp_path


def test_compiles_a_translation_once(checkout: Path) -> None:
    assert assets.compile_translations(checkout / "locale") == 1
    assert assets.compile_translations(checkout / "locale") == 0
    assert gettext.translation("django", checkout / "locale", ["en"]).gettext("Hồ sơ") == "Dossier"


def test_compiles_a_translation_again_when_it_has_changed(checkout: Path) -> None:
    assets.compile_translations(checkout / "locale")
    source = checkout / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.write_text(PO.replace("Dossier", "Case file"), encoding="utf-8")
    os.utime(source, (2e9, 2e9))
    assert assets.compile_translations(checkout / "locale") == 1
    assert "Case file" in source.with_suffix(".mo").read_text(encoding="utf-8", errors="replace")


@needs_npm
class TestBuild:
    def test_builds_only_when_a_source_has_changed(self, checkout: Path) -> None:
        assert assets.build_assets(checkout) == ["1 bản dịch", "CSS và phông chữ"]
        built = (checkout / "static" / "dist" / "built").read_text()
        assert assets.build_assets(checkout) == []
        assert (checkout / "static" / "dist" / "built").read_text() == built
        (checkout / "static" / "src" / "app.css").write_text("b{}")
        assert assets.build_assets(checkout) == ["CSS và phông chữ"]
        assert (checkout / "static" / "dist" / "app.css").read_text() == "b{}"

    def test_builds_again_when_the_result_is_gone(self, checkout: Path) -> None:
        assets.build_assets(checkout)
        shutil.rmtree(checkout / "static" / "dist")
        assert assets.build_assets(checkout) == ["CSS và phông chữ"]

    def test_says_what_npm_said_when_the_build_fails(self, checkout: Path) -> None:
        (checkout / "static" / "src" / "app.css").unlink()
        with pytest.raises(assets.BuildFailed, match=r"(?s)Không dựng được giao diện.*app\.css"):
            assets.build_assets(checkout)
        assert not (checkout / "static" / "dist" / ".built-from").exists()

    def test_installs_the_packages_of_the_tests_for_tests_only(self, checkout: Path) -> None:
        def stamp() -> str:
            return (checkout / "node_modules" / ".installed-from").read_text()

        assets.build_assets(checkout)
        assert not stamp().endswith(" with tests")
        assert assets.build_assets(checkout, tests=True) == []
        assert stamp().endswith(" with tests")
        (checkout / "static" / "src" / "app.css").write_text("c{}")
        assert assets.build_assets(checkout) == ["CSS và phông chữ"]
        assert stamp().endswith(" with tests"), "a start must not throw away what the tests need"
