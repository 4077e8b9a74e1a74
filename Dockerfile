# Two stages: the first builds the environment, the second runs it without build tools, as nobody in particular.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY orchestrator orchestrator
COPY channels channels
COPY config config
RUN python -m venv /opt/tandem \
 && /opt/tandem/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt pip \
 && /opt/tandem/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt \
      --build-constraint constraints.txt . \
 && /opt/tandem/bin/pip uninstall --yes --quiet pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="tandem" \
      org.opencontainers.image.description="Phone and SMS as one conversation" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/tandem /opt/tandem
ENV PATH=/opt/tandem/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A number, so that an orchestrator can prove that it is not root.
USER 10001:10001
WORKDIR /etc/tandem
EXPOSE 8080
# Tandem stops taking requests on SIGTERM, lets open calls' requests finish, and gives its leases back.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
ENTRYPOINT ["tandem"]
CMD ["serve", "--config", "/etc/tandem/tandem.yaml", "--host", "0.0.0.0", "--port", "8080"]
