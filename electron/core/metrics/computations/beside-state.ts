/** Metrics that a store answers and a house cannot, and why. */
export const besideState: Readonly<Record<string, string>> = {
  'data.age_seconds': 'contact times live beside the log and not in state',
  'data.lag_seconds': 'receive times live beside the log and not in state',
  'data.waiting': 'events that wait lie beside the log and not in state',
  'data.dead_letters': 'refused messages live beside the log and not in state',
};
