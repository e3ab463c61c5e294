# Two stages: the first installs the pinned dependencies, the second runs them as nobody in particular.
FROM python:3.13-slim-bookworm AS build
# What is imported is compiled here, because the file system is read-only where this runs.
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy VENV=/venv
WORKDIR /build
COPY requirements-uv.txt .
RUN pip install --quiet --no-deps --require-hashes --only-binary :all: --requirement requirements-uv.txt
COPY install.sh ./
COPY requirements.txt .
RUN ./install.sh requirements.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/crossroads.db \
    HOST=0.0.0.0 \
    PORT=8080 \
    LOG_FORMAT=json
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin crossroads \
    && install --directory --owner=crossroads --mode=0700 /data
COPY --from=build /venv /venv
WORKDIR /app
COPY content ./content
COPY bot ./bot
COPY adapters ./adapters
RUN python -m compileall -q bot adapters
USER 10001
VOLUME /data
EXPOSE 8080
# /healthz says that the process lives; whether it can work is /readyz, for a load balancer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
