# syntax=docker/dockerfile:1
# playlake with the locked versions of what it needs; docs/docker.md says how to run it.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /build
# The environment has no pip of its own: that of the image fills it.
RUN python -m venv --without-pip /opt/playlake
COPY requirements.lock ./
RUN python -m pip --python /opt/playlake/bin/python install --no-cache-dir --no-deps --require-hashes \
        --requirement requirements.lock
COPY LICENSE README.md pyproject.toml ./
COPY playlake playlake
COPY pipelines pipelines
COPY schemas schemas
COPY sources sources
# What the wheel is built with is locked, too, and not needed afterwards.
RUN python -m pip --python /opt/playlake/bin/python install --no-cache-dir --no-deps --no-build-isolation . \
    && python -m pip --python /opt/playlake/bin/python uninstall --yes editables hatchling trove-classifiers

FROM python:${PYTHON}-slim
COPY --from=build /opt/playlake /opt/playlake
# Everything that lasts is in /data: the lake, and in .state the tokens and dlt's working folder.
ENV PATH=/opt/playlake/bin:$PATH \
    HOME=/data \
    XDG_DATA_HOME=/data/.state \
    DLT_DATA_DIR=/data/.state/dlt
RUN useradd --uid 10001 --no-create-home --home-dir /data playlake \
    && install --directory --owner playlake --group playlake --mode 0700 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=15m --timeout=1m --start-period=1h --retries=2 \
    CMD ["playlake", "status", "--check", "--max-age", "26h"]
ENTRYPOINT ["playlake"]
CMD ["sync"]
