"""Style and scripts: compressed, cached for a year under an address that changes with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, send_from_directory
from whitenoise import WhiteNoise

from core.errors import NotFound
from core.messages import N_

YEAR = 365 * 24 * 3600


def set_up_static_files(app: Flask) -> None:
    """Serve <package>/static/<package>/... under /static/<package>/..., for every package that has any."""
    root = Path(app.root_path)
    folders = sorted(path for path in root.glob("*/static") if path.is_dir())
    served = WhiteNoise(app.wsgi_app, max_age=YEAR, autorefresh=app.debug)
    for folder in folders:
        served.add_files(str(folder), prefix="static/")
    app.wsgi_app = served  # type: ignore[method-assign]

    @app.get("/static/<path:filename>", endpoint="static")
    def static_file(filename: str) -> Any:
        """Reached only for files made after start-up (development) and for wrong addresses."""
        for folder in folders:
            if (folder / filename).is_file():
                return send_from_directory(folder, filename)
        raise NotFound(N_("There is no file at this address."))

    @cache
    def version(filename: str) -> str:
        for folder in folders:
            if (folder / filename).is_file():
                return hashlib.sha256((folder / filename).read_bytes()).hexdigest()[:10]
        return "0"

    @cache
    def address(filename: str) -> str:
        return f"/static/{quote(filename)}?v={version(filename)}"

    def url_for(endpoint: str, **values: Any) -> str:
        """In templates: a page names a dozen of these, and they are the same in every request."""
        return address(**values) if endpoint == "static" else app.url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = url_for
