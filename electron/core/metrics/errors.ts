/** A question the metric library cannot take: unknown metric, scope or input. The message names what, and what exists. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
  /** What is wrong: `metric`, `scope.<key>`, or the path of an input field. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}
