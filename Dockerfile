FROM node:20-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/contract/package.json packages/contract/
COPY packages/sdk/package.json packages/sdk/
COPY packages/testkit/package.json packages/testkit/
COPY apps/server/package.json apps/server/
COPY apps/dashboard/package.json apps/dashboard/
RUN npm ci --omit=dev
COPY packages packages
COPY apps apps
COPY tsconfig.json ./
COPY tools/build-dashboard.ts tools/
RUN node_modules/.bin/bun tools/build-dashboard.ts
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
EXPOSE 3000
CMD ["node_modules/.bin/bun", "apps/server/src/main.ts"]
