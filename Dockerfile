# The server as an image: `docker compose up`, or `make image`. On Linux, PyTorch from its usual index brings
# gigabytes of CUDA: --build-arg TORCH_INDEX=URL takes it from an index of CPU builds.

FROM node:20-slim AS page
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY frontend/build.mjs frontend/index.html ./
COPY frontend/css ./css
COPY frontend/js ./js
RUN node build.mjs

FROM python:3.11-slim AS package
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/atomlens/bin:$PATH
RUN python -m venv /opt/atomlens \
    && pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} 'torch>=2.4,<2.14'
WORKDIR /src
# the dependencies alone first: a change of the code leaves this layer as it is
COPY pyproject.toml ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
        > /tmp/requirements.txt \
    && pip install -r /tmp/requirements.txt
COPY hatch_build.py README.md LICENSE ./
COPY backend ./backend
COPY frontend ./frontend
COPY models ./models
COPY --from=page /src/frontend/vendor ./frontend/vendor
COPY --from=page /src/frontend/bundle ./frontend/bundle
RUN pip install --no-deps .

FROM python:3.11-slim
# numba's threads and torch's share one OpenMP
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home atomlens \
    && install --directory --owner=atomlens /data /opt/kernels
COPY --from=package /opt/atomlens /opt/atomlens
ENV PATH=/opt/atomlens/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/tmp/kernels \
    ATOMLENS_DATA_DIR=/data \
    ATOMLENS_HOST=0.0.0.0 \
    ATOMLENS_PORT=8000
USER atomlens
# Compiles every kernel, once. A kernel that another processor compiled is compiled anew on start.
RUN NUMBA_CACHE_DIR=/opt/kernels python -m atomlens.networks.kernels
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['ATOMLENS_PORT'] + '/healthz', timeout=4)"]
# The kernels' cache must be writable, and the root file system may be read-only: they start from a copy in /tmp.
CMD ["sh", "-c", "cp -r /opt/kernels \"$NUMBA_CACHE_DIR\" && exec atomlens serve"]
