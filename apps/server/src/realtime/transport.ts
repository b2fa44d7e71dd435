/** What is written to: the server's side of one WebSocket. */
export type Transport = {
  send(frame: string): number;
  ping(payload: string): number;
  close(code: number, reason: string): void;
  terminate(): void;
  getBufferedAmount(): number;
  cork(write: () => void): unknown;
};
