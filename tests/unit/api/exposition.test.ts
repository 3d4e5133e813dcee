import { expect, it } from 'vitest';
import { exposition } from '#core/api/exposition.ts';
import { RequestCounts } from '#core/api/request-counts.ts';

it('writes what Prometheus reads, and leaves out what is not known', () => {
  const text = exposition([
    { name: 'vigil_source_lag_seconds', kind: 'gauge', help: 'Lag.\nBy source.', samples: [{ labels: { source: 'ehr', instance: 'a"b\\c' }, value: 1.5 }, { labels: { source: 'lis', instance: '1' }, value: null }] },
    { name: 'vigil_commits_total', kind: 'counter', help: 'Commits.', samples: [{ value: 3 }] },
  ]);
  expect(text).toBe(
    [
      '# HELP vigil_source_lag_seconds Lag.\\nBy source.', '# TYPE vigil_source_lag_seconds gauge', 'vigil_source_lag_seconds{source="ehr",instance="a\\"b\\\\c"} 1.5',
      '# HELP vigil_commits_total Commits.', '# TYPE vigil_commits_total counter', 'vigil_commits_total 3', '',
    ].join('\n'),
  );
});

it('counts answers by operation and status, and their times in buckets that hold all below', () => {
  const counts = new RequestCounts();
  counts.add('getOverview', 200, 0.004);
  counts.add('getOverview', 200, 0.02);
  counts.add('getOverview', 304, 99);
  const text = exposition(counts.families());
  expect(text).toContain('vigil_http_requests_total{operation="getOverview",status="200"} 2\n');
  expect(text).toContain('vigil_http_requests_total{operation="getOverview",status="304"} 1\n');
  expect(/le="0.005"} (\d)[^]*le="0.025"} (\d)[^]*le="30"} (\d)[^]*le="\+Inf"} (\d)/.exec(text)!.slice(1)).toEqual(['1', '2', '2', '3']);
  expect(text).toContain('vigil_http_request_duration_seconds_count{operation="getOverview"} 3\n');
});
