"""A WSGI application served on this machine alone, for as long as it is needed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"


class LocalServer:
    """Serves *app* on 127.0.0.1 with a thread for each request; ``url`` has no slash at its end."""

    def __init__(self, app: WSGIApplication, *, port: int = 0) -> None:
        self._server = make_server(LOOPBACK, port, app, threaded=True, request_handler=_Quiet)
        for name, value in {"daemon_threads": False, "block_on_close": True}.items():
            setattr(self._server, name, value)
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._serve, name=f"serves {self.url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving; returns when every request under way has been answered."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.005)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the workspace records what matters."""
