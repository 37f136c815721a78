# The images of docker-compose.yml: `signalbox` for every service but the runner, `runner` with what a box needs.
# Both the classic builder and BuildKit build it, so it has no syntax line and no mounts.
ARG NODE_IMAGE=node:24-bookworm-slim

# dist/ with the workflow bundle.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY bin bin
COPY demo demo
COPY simulator simulator
COPY src src
RUN node scripts/build.mjs && rm -rf dist/.[!.]* && find dist -name '*.map' -delete

# What runs: no development dependencies, only this platform's binary of Temporal's SDK, no source maps or types.
FROM ${NODE_IMAGE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
  && case "$(node -p process.arch)" in x64) ours=x86_64-unknown-linux-gnu ;; arm64) ours=aarch64-unknown-linux-gnu ;; esac \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$ours" -exec rm -r {} + \
  && find node_modules -type f '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete \
  && mkdir codex && mv node_modules/@openai codex/@openai

FROM ${NODE_IMAGE} AS signalbox
# The scheduler and the simulated GitHub run git.
RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin/*.js bin/
COPY deploy/demo deploy/demo
COPY deploy/setup deploy/setup
RUN ln -s /app/bin/signalbox.js /usr/local/bin/signalbox \
  # A new volume takes the owner and the mode of the folder that it covers.
  && install -d -o node -g node -m 0700 /data \
  && node deploy/setup/folders.ts
ENV NODE_ENV=production SIGNALBOX_DATA_DIR=/data
USER node
ENTRYPOINT ["node", "/app/bin/signalbox.js"]
CMD ["--help"]

FROM signalbox AS runner
USER root
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
COPY --from=modules /app/codex node_modules
USER node

# The image that a build without a target makes.
FROM signalbox
