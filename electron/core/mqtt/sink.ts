/** Where links put messages. `committed` is called once the message is on disk, in the order of submission. */
export interface Sink {
  submit(message: { topic: string; payload: Uint8Array; attributes?: Record<string, string> }, committed: () => void): void;
  /** Calls back when there is room for more: at once, or when what is waiting has been written. */
  whenRoom(go: () => void): void;
}

export type LinkState = 'connected' | 'connecting' | 'lost';

/** A link to a broker, remote or embedded. */
export interface BrokerLink {
  readonly state: LinkState;
  /** Sends what Vigil itself announces; at QoS 0 it is dropped while the link is lost, at QoS 1 it waits for it. */
  publish(topic: string, payload: string, qos: 0 | 1): void;
  close(): Promise<void>;
}
