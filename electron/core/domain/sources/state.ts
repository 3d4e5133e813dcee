/** What a feed said of itself. Contact times live beside the log, not in state: they are receive times. */
export interface SourceState {
  title?: string;
  intervalSeconds?: number;
  silenceLimitSeconds?: number;
  expectedPerHour?: number;
}
