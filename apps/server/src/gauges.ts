import type { App } from "./app.ts";
import type { Sockets } from "./realtime/socket.ts";

/** What the state of this process adds to its metrics, read when they are asked for. */
export function measure({ metrics, broker, channels, durableJobs }: App, { hub }: Sockets): void {
  metrics.gauge("reelay_websocket_connections", "Open WebSocket connections", () => [...hub.connections()].length);
  metrics.gauge("reelay_subscribed_users", "Users whose channels this node subscribes", () => channels.users().length);
  metrics.gauge("reelay_durable_jobs", "Durable jobs that are not done, of all nodes", () => durableJobs.pending);
  metrics.gauge("reelay_redis_up", "1: connected, or there is none; 0: unavailable, the log is polled", () =>
    broker.isConnected() ? 1 : 0,
  );
}
