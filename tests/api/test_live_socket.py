"""The WebSocket /api/v1/live, over the real pool and tiny models."""

import json
import struct
from contextlib import contextmanager

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

NAMES = ["qm9-bp-energy", "qm9-schnet-energy"]


class Socket:
    """A connection to /api/v1/live."""

    def __init__(self, connection):
        self._connection = connection

    def ask(self, **request):
        self._connection.send(json.dumps(request))

    def answer(self) -> tuple[dict, list[dict]]:
        message = self._connection.recv(timeout=60.0)
        assert isinstance(message, bytes), message
        return unpacked(message)

    def refusal(self) -> dict:
        return json.loads(self._connection.recv(timeout=60.0))["error"]


@contextmanager
def live(client, **options):
    address = str(client.base_url.join("/api/v1/live")).replace("http", "ws", 1)
    with connect(address, proxy=None, max_size=None, **options) as connection:
        yield Socket(connection)


def unpacked(message: bytes) -> tuple[dict, list[dict]]:
    """Header, and the arrays of every surface."""
    (length,) = struct.unpack_from("<i", message)
    header, place, meshes = json.loads(message[4 : 4 + length]), 4 + length, []
    for model in header["models"]:
        for surface in model["surfaces"]:
            n, m = struct.unpack_from("<ii", message, place)
            floats = np.frombuffer(message, "<f4", 7 * n, place + 8)
            triangles = np.frombuffer(message, "<u4", 3 * m, place + 8 + 28 * n)
            assert surface["bytes"] == 8 + 28 * n + 12 * m
            assert not m or triangles.max() < n
            meshes.append({"positions": floats[: 3 * n].reshape(-1, 3), "values": floats[6 * n :]})
            place += surface["bytes"]
        if model["volume"]:
            assert model["volume"]["bytes"] == 4 * np.prod(model["volume"]["shape"])
            model["volume"]["values"] = np.frombuffer(message, "<f4", np.prod(model["volume"]["shape"]), place)
            place += model["volume"]["bytes"]
    assert place == len(message)
    return header, meshes


def test_moved_atoms_get_the_prediction_of_the_molecule_posted_there(client, ethanol):
    positions = np.array(ethanol["positions"])
    positions[3] += [0.1, 0.0, 0.05]
    with live(client) as socket:
        socket.ask(id=5, molecule=ethanol["id"], models=NAMES, positions=positions.tolist())
        header, meshes = socket.answer()
    assert (header["id"], meshes) == (5, [])
    moved = client.post(f"/api/v1/molecules/{ethanol['id']}/moved", json={"positions": positions.tolist()}).json()
    assert moved["geometry"]["source"] == "moved by hand"
    assert moved["bonds"] == ethanol["bonds"]
    assert moved["id"] != ethanol["id"]
    wanted = client.post("/api/v1/predictions", json={"molecule": moved["id"], "models": NAMES}).json()["predictions"]
    assert [model["prediction"] for model in header["models"]] == wanted


def test_surfaces_follow_coarse_and_fine_and_on_a_path(client, ethanol):
    asked = {"molecule": ethanol["id"], "models": NAMES, "element": "O", "envelope": 3.8}
    with live(client) as socket:
        socket.ask(id=0, **asked)
        header, coarse = socket.answer()
        assert header["fine"] is False
        assert [model["surfaces"][0]["level"] for model in header["models"]] == [None, None]
        socket.ask(id=1, **asked, fine=True)
        _, fine = socket.answer()
        assert len(fine[0]["positions"]) > len(coarse[0]["positions"]) > 100
        changes = [{"atom": 0, "to": "N"}]
        socket.ask(**{"id": 2, **asked, "fine": True, "changes": changes, "lambda": 0.5})
        header, half = socket.answer()
        assert header["models"][0]["prediction"] is None
        assert half[0]["values"] != pytest.approx(fine[0]["values"], abs=1e-4)
        level = float(np.quantile(fine[0]["values"], 0.5))
        socket.ask(
            **{"id": 3, "molecule": ethanol["id"], "models": NAMES[:1], "element": "O", "isovalues": [level, 9e5]}
        )
        header, (there, nowhere) = socket.answer()
        assert len(there["positions"]) > 100
        assert len(nowhere["positions"]) == 0
        assert header["models"][0]["surfaces"][0]["level"] == pytest.approx(level)


def test_a_plane_brings_the_field_about_it(client, ethanol):
    plane = {"origin": [0.0, 0.0, 0.2], "normal": [0.0, 0.0, 1.0]}
    with live(client) as socket:
        socket.ask(id=1, molecule=ethanol["id"], models=NAMES, element="O", plane=plane)
        header, meshes = socket.answer()
    assert (header["plane"], meshes) == (plane, [])
    for model in header["models"]:
        volume = model["volume"]
        values = volume["values"].reshape(volume["shape"])
        z = volume["origin"][2] + np.arange(volume["shape"][2]) * volume["spacing"][2]
        near = np.abs(z - 0.2) < 1.9 * volume["spacing"][2]
        assert (values[:, :, near] != 0).mean() > 0.9
        assert (values[:, :, np.abs(z - 0.2) > 2.1 * volume["spacing"][2]] == 0).all()


def test_the_newest_request_overtakes_those_that_wait(client, ethanol):
    asked = {"molecule": ethanol["id"], "models": NAMES, "element": "C", "envelope": 3.8}
    with live(client) as socket:
        for number in range(40):
            socket.ask(id=number, **asked)
        answered = []
        while not answered or answered[-1] < 39:
            answered.append(socket.answer()[0]["id"])
    assert answered == sorted(answered)
    assert len(answered) < 20


def test_a_fine_answer_gives_way_to_the_next_movement(client, ethanol):
    big = client.post("/api/v1/molecules", json={"text": "CCCCCCCCCCCCCCCC"}).json()
    slow = {"molecule": big["id"], "models": NAMES, "element": "C", "isovalues": [0.1], "fine": True}
    with live(client) as socket:
        socket.ask(id=1, **slow)
        socket.ask(id=2, molecule=ethanol["id"], models=NAMES)
        assert socket.answer()[0]["id"] == 2


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"id": 1}, "invalid_request"),
        ({"id": 1, "molecule": "nobody", "models": NAMES}, "unknown_molecule"),
        ({"id": 1, "molecule": None, "models": ["gpt"]}, "unknown_model"),
        ({"id": 1, "molecule": None, "models": NAMES, "positions": [[0.0, 0.0, 0.0]]}, "shape"),
        ({"id": 1, "molecule": None, "models": NAMES, "element": "C"}, "malformed"),
        ({"id": 1, "molecule": None, "models": NAMES, "element": "Xx", "envelope": 3.8}, "malformed"),
        (
            {
                "id": 1,
                "molecule": None,
                "models": NAMES,
                "element": "C",
                "plane": {"origin": [0.0] * 3, "normal": [0.0] * 3},
            },
            "malformed",
        ),
        ({"id": 1, "molecule": None, "models": NAMES, "element": "Cl", "envelope": 3.8}, "unknown_element"),
        ({"id": 1, "molecule": None, "models": NAMES, "changes": [{"atom": 99, "to": "N"}]}, "malformed"),
    ],
)
def test_what_cannot_be_answered_is_said_and_the_connection_goes_on(client, ethanol, request_, code):
    filled = {**request_, **({"molecule": ethanol["id"]} if request_.get("molecule", "") is None else {})}
    with live(client) as socket:
        socket.ask(**filled)
        assert socket.refusal()["code"] == code
        socket.ask(id=2, molecule=ethanol["id"], models=NAMES)
        assert socket.answer()[0]["id"] == 2


@pytest.mark.parametrize(
    "message", [b"\x00\x01", "", "no JSON", "[" * 5000, '{"id": 1e999}', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_what_is_no_request_is_said_and_the_connection_goes_on(client, ethanol, message):
    with live(client) as socket:
        socket._connection.send(message)
        assert socket.refusal()["code"] == "invalid_request"
        socket.ask(id=2, molecule=ethanol["id"], models=NAMES)
        assert socket.answer()[0]["id"] == 2


def test_a_strangers_page_is_refused(client):
    with pytest.raises(InvalidStatus) as refused, live(client, origin="https://elsewhere.example"):
        pass
    assert refused.value.response.status_code == 403
