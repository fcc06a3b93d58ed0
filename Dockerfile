# The exporter as an image:
#
#   docker build --target exporter -t operator-connect-exporter .
#   docker run -p 10390:10390 \
#     -v "$PWD/config:/etc/operator_connect_exporter:ro" operator-connect-exporter
#
# The target `demo` adds a simulator of Live Platform, see config/compose.yaml.

ARG DEBIAN=debian:trixie-slim

FROM ${DEBIAN} AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    cmake dpkg-dev g++ ninja-build pkgconf python3-minimal \
    doctest-dev libcli11-dev libcpp-httplib-dev libcrypt-dev libcurl4-openssl-dev \
    libsqlite3-dev libssl-dev libyaml-cpp-dev prometheus-cpp-dev rapidjson-dev zlib1g-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY CMakeLists.txt ./
COPY exporter exporter
COPY config/packaging config/packaging
COPY config/systemd config/systemd
# How many compilers run at once; all processors when empty.
ARG JOBS=""
ARG REVISION=unknown
ARG BRANCH=unknown
RUN export DEB_BUILD_MAINT_OPTIONS=hardening=+all DEB_CXXFLAGS_MAINT_STRIP=-g \
  && export CXXFLAGS="$(dpkg-buildflags --get CPPFLAGS) $(dpkg-buildflags --get CXXFLAGS)" \
  && export LDFLAGS="$(dpkg-buildflags --get LDFLAGS)" \
  && cmake -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
    -DOC_TESTS=OFF -DOC_REVISION="$REVISION" -DOC_BRANCH="$BRANCH" \
  && cmake --build /build ${JOBS:+-j "$JOBS"} --target operator_connect_exporter \
  && install -D -s /build/operator_connect_exporter /out/operator_connect_exporter
# The packages whose libraries the program needs, asked of the program itself.
RUN mkdir debian && touch debian/control \
  && dpkg-shlibdeps -O -e/out/operator_connect_exporter \
  | sed 's/^shlibs:Depends=//; s/([^)]*)//g; s/,/\n/g' | tr -d ' ' > /out/packages \
  && grep -q libcurl /out/packages

FROM build AS build-simulator
COPY tests tests
RUN cmake -B /build -DOC_TESTS=ON \
  && cmake --build /build ${JOBS:+-j "$JOBS"} --target live_platform_simulator \
  && install -D -s /build/live_platform_simulator /out/live_platform_simulator

FROM ${DEBIAN} AS exporter-base
COPY --from=build /out/packages /usr/share/operator_connect_exporter/packages
RUN apt-get update \
  && xargs -a /usr/share/operator_connect_exporter/packages \
    apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old \
    /var/log/apt /var/log/dpkg.log
COPY --from=build /out/operator_connect_exporter /usr/bin/operator_connect_exporter
ARG VERSION=1.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="operator_connect_exporter" \
  org.opencontainers.image.description="Prometheus exporter for Microsoft Operator Connect on AudioCodes Live Platform" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.base.name="docker.io/library/debian:trixie-slim"
# The configuration is looked for here, and so is what it names by relative paths.
WORKDIR /etc/operator_connect_exporter
USER 65532:65532
EXPOSE 10390
ENTRYPOINT ["/usr/bin/operator_connect_exporter"]

FROM exporter-base AS demo
COPY --from=build-simulator /out/live_platform_simulator /usr/bin/live_platform_simulator

# Last, and therefore what is built when no target is named.
FROM exporter-base AS exporter
