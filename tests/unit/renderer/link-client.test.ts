import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FromCore, Items, ToCore } from '#shared/link/messages.ts';
import { LinkClient } from '../../../renderer/link/client.ts';
import type { Painted } from '../../../renderer/link/client.ts';
import type { TransportEvents } from '../../../renderer/link/transport.ts';
import { Projection } from '../../../renderer/stores/projection.ts';

/** A core at the other end, and frames that happen when the test says so. */
class Rig {
  readonly said: ToCore[] = [];
  readonly painted: Painted[] = [];
  readonly links: boolean[] = [];
  #events: TransportEvents | undefined;
  #frames: { work: () => void; painted: () => void }[] = [];
  readonly client = new LinkClient('wall', {
    frame: (work, painted) => this.#frames.push({ work, painted }),
    linked: (linked) => this.links.push(linked),
    painted: (painted) => this.painted.push(painted),
    refused: () => undefined,
  });

  connect(): void {
    this.client.attach((events) => {
      this.#events = events;
      return { send: (message) => this.said.push(message), close: () => undefined };
    });
  }

  cut(): void {
    this.#events?.closed();
  }

  say(message: FromCore): void {
    this.#events?.message(message);
  }

  frame(): void {
    const frames = this.#frames;
    this.#frames = [];
    for (const { work, painted } of frames) {
      work();
      painted();
    }
  }

  /** Number of the newest subscription to a view. */
  sub(view: string): number {
    const found = this.said.findLast((m) => m.t === 'subscribe' && m.view === view);
    if (found?.t !== 'subscribe') throw new Error(`nobody asked for ${view}`);
    return found.sub;
  }
}

let rig: Rig;
let projection: Projection;

beforeEach(() => {
  rig = new Rig();
  projection = new Projection();
  rig.connect();
  rig.client.subscribe('overview', undefined, projection);
});

describe('link client', () => {
  test('given a new transport, when it opens, then hello comes before every subscription', () => {
    rig.connect();
    expect(rig.said.slice(-2).map((m) => m.t)).toEqual(['hello', 'subscribe']);
  });

  test('given updates of one frame, when it is painted, then all are acknowledged once, with the newest revision', () => {
    const sub = rig.sub('overview');
    rig.say({ t: 'snapshot', sub, revision: 1, eventTime: 5, items: { a: 1 } });
    rig.say({ t: 'patch', sub, revision: 2, eventTime: 9, set: { a: 2 }, remove: [] });
    expect(projection.item('a').value).toBeUndefined();
    expect(rig.said.some((m) => m.t === 'ack')).toBe(false);

    rig.frame();

    expect(projection.item('a').value).toBe(2);
    expect(rig.said.filter((m) => m.t === 'ack')).toEqual([{ t: 'ack', sub, revision: 2 }]);
    expect(rig.painted).toEqual([{ eventTime: 9, revision: 2 }]);
  });

  test('given a gap in revisions, when a patch comes, then it is not applied and the view is asked for anew', () => {
    const sub = rig.sub('overview');
    rig.say({ t: 'snapshot', sub, revision: 1, eventTime: 1, items: { a: 1 } });
    rig.say({ t: 'patch', sub, revision: 3, eventTime: 2, set: { a: 3 }, remove: [] });
    rig.frame();

    expect(projection.item('a').value).toBe(1);
    expect(rig.said).toContainEqual({ t: 'unsubscribe', sub });
    expect(rig.sub('overview')).not.toBe(sub);
  });

  test('given a view asked for anew, when messages of the old subscription still come, then they change nothing', () => {
    const old = rig.sub('overview');
    rig.connect();
    rig.say({ t: 'snapshot', sub: old, revision: 1, eventTime: 1, items: { a: 'old' } });
    rig.say({ t: 'snapshot', sub: rig.sub('overview'), revision: 7, eventTime: 2, items: { a: 'new' } });
    rig.frame();
    expect(projection.item('a').value).toBe('new');
  });

  test('given a core that dies, when the transport closes, then the items stay and the page knows', () => {
    rig.say({ t: 'hello', version: 1 });
    rig.say({ t: 'snapshot', sub: rig.sub('overview'), revision: 1, eventTime: 1, items: { a: 1 } });
    rig.frame();
    rig.cut();
    expect(rig.links).toEqual([true, false]);
    expect(projection.item('a').value).toBe(1);
  });

  test('given a board that is left, when its view still sends, then nothing is applied or acknowledged', () => {
    const other = new Projection();
    const leave = rig.client.subscribe('or', undefined, other);
    const sub = rig.sub('or');
    rig.say({ t: 'snapshot', sub, revision: 1, eventTime: 1, items: { a: 1 } });
    leave();
    rig.frame();
    expect(other.keys.value).toEqual([]);
    expect(rig.said.some((m) => m.t === 'ack' && m.sub === sub)).toBe(false);
  });

  test('what is painted is told of the board, not of the frame around it', () => {
    rig.client.subscribe('frame', undefined, new Projection());
    rig.say({ t: 'snapshot', sub: rig.sub('frame'), revision: 90, eventTime: 70, items: {} });
    rig.frame();
    expect(rig.painted).toEqual([]);
    rig.say({ t: 'snapshot', sub: rig.sub('overview'), revision: 4, eventTime: 1, items: {} });
    rig.frame();
    expect(rig.painted).toEqual([{ eventTime: 1, revision: 4 }]);
  });

  test('whatever messages are lost, the next gap brings the page back to the core\'s state', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.integer(), lost: fc.boolean(), frame: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const rig = new Rig();
        const projection = new Projection();
        rig.connect();
        rig.client.subscribe('overview', undefined, projection);
        const truth: Items = {};
        let sub = -1;
        let revision = 0;
        const serve = (): void => {
          if (rig.sub('overview') === sub) return;
          sub = rig.sub('overview');
          revision = 1;
          rig.say({ t: 'snapshot', sub, revision, eventTime: 0, items: { ...truth } });
        };
        for (const { key, value, lost, frame } of [...steps, { key: 'a', value: 0, lost: false, frame: true }]) {
          serve();
          truth[key] = value;
          revision++;
          if (!lost) rig.say({ t: 'patch', sub, revision, eventTime: 0, set: { [key]: value }, remove: [] });
          if (frame) rig.frame();
        }
        serve();
        rig.frame();
        for (const [key, value] of Object.entries(truth)) expect(projection.item(key).value).toBe(value);
      }),
    );
  });
});
