/** Metrics that are defined while nothing they need is in the house, and what is lacking. */
export const unfolded: Readonly<Record<string, string>> = {
  'imaging.pending': 'no imaging events are folded yet',
  'imaging.turnaround': 'no imaging events are folded yet',
  'imaging.order_to_study': 'no imaging events are folded yet',
  'pharmacy.backlog': 'no pharmacy events are folded yet',
  'pharmacy.turnaround': 'no pharmacy events are folded yet',
  'rcm.preauth_pending': 'no prior authorisation events are folded yet',
  'rcm.preauth_turnaround_hours': 'no prior authorisation events are folded yet',
  'rcm.dnfb_days': 'no revenue and balance events are folded yet',
  'rcm.ar_days': 'no revenue and balance events are folded yet',
  'rcm.ar_aging': 'no balance events are folded yet',
  'data.age_seconds': 'contact times live beside the log and not in state',
  'data.lag_seconds': 'receive times live beside the log and not in state',
  'data.dead_letters': 'refused messages live beside the log and not in state',
};
