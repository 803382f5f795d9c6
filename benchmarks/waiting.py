"""How long a prediction waits while the server computes fields for others.

    .venv/bin/atomlens serve &
    .venv/bin/python benchmarks/waiting.py http://127.0.0.1:8000

Two dozen fields of probe atoms are asked for at once; two seconds later four molecules are read and explained by two
networks of organic molecules, one after another. Times are from request to answer. Start the server with an empty
ATOMLENS_RATE_LIMIT and a new ATOMLENS_DATA_DIR: what it has kept, it does not compute.
"""

from __future__ import annotations

import argparse
import asyncio
import time

import httpx

AROUND = ("aspirin", "caffeine", "naphthalene", "diethyl ether", "ibuprofen", "glucose")
FIELDS = ("qm9-schnet-energy", "qm9-bp-energy")
PROBES = ("H", "C")
ASKED = ("hexan-1-ol", "quinoline", "propanenitrile", "propane-1-thiol")
SMILES = {
    "hexan-1-ol": "CCCCCCO",
    "quinoline": "c1ccc2ncccc2c1",
    "propanenitrile": "CCC#N",
    "propane-1-thiol": "CCCS",
}
EXPLAINED_BY = ("organic-schnet-energy", "organic-bp-energy")
#: Å; the finer, the longer workers are busy.
SPACING = 0.125


async def measure(server: str) -> None:
    """Prints a line for each molecule."""
    async with httpx.AsyncClient(base_url=f"{server}/api/v1", timeout=200.0) as client:

        async def post(path: str, body: dict[str, object]) -> dict[str, object]:
            answer = await client.post(path, json=body)
            answer.raise_for_status()
            return dict(answer.json())

        around = [(await post("/molecules", {"text": name}))["id"] for name in AROUND]
        wanted = [
            {"molecule": one, "model": model, "quantity": "potential", "elements": [probe], "spacing": SPACING}
            for one in around
            for model in FIELDS
            for probe in PROBES
        ]
        fields = [asyncio.create_task(post("/fields", field)) for field in wanted]
        await asyncio.sleep(2.0)
        for name in ASKED:
            begun = time.perf_counter()
            molecule = (await post("/molecules", {"text": SMILES[name]}))["id"]
            read = time.perf_counter()
            await post("/predictions", {"molecule": molecule, "models": list(EXPLAINED_BY)})
            now = time.perf_counter()
            print(f"{name:16s} read in {read - begun:6.2f} s, explained in {now - read:6.2f} s")
        jobs = [field["job"] for field in await asyncio.gather(*fields) if "job" in field]
        left = [(await client.get(f"/jobs/{job}")).json()["status"] for job in jobs]
        print(f"{sum(status in ('queued', 'running') for status in left)} of {len(wanted)} fields still to come")
        for job in jobs:
            await client.delete(f"/jobs/{job}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    asyncio.run(measure(parser.parse_args().server))
