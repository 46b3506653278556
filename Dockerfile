# Not yet run on a Docker engine: there was none where this was written.
#
#   docker build -t lianxin .

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The caches keep the dependencies' build between images; what they hold is not in the layer,
# so the program is copied out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin lianxin \
    && install -D -m 755 target/release/lianxin /out/lianxin

FROM debian:bookworm-slim
# Webhooks are sent over TLS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# A number, so that runAsNonRoot in Kubernetes can check it.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin lianxin \
    && install -d -m 700 -o lianxin -g lianxin /var/lib/lianxin
COPY --from=build /out/lianxin /usr/local/bin/lianxin
USER 10001
ENV LIANXIN_LISTEN=0.0.0.0:1158 \
    LIANXIN_VAR=/var/lib/lianxin
VOLUME /var/lib/lianxin
EXPOSE 1158
# Alive, not ready: a server whose database is away must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["lianxin", "health"]
# In this form the program itself gets SIGTERM and drains.
ENTRYPOINT ["lianxin"]
CMD ["serve"]
