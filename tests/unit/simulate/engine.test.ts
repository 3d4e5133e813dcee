import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/simulate/engine/random.ts';
import { Heap } from '#core/simulate/engine/heap.ts';
import { Resource } from '#core/simulate/engine/resource.ts';
import { Simulation, type Process } from '#core/simulate/engine/simulation.ts';

describe('random streams', () => {
  const draw = (seed: string, name: string, n = 5) => {
    const stream = createRandom(seed).stream(name);
    return Array.from({ length: n }, () => stream.next());
  };

  it('gives one course for one seed and another for another', () => {
    expect(draw('7', 'ed')).toEqual(draw('7', 'ed'));
    expect(draw('7', 'ed')).not.toEqual(draw('8', 'ed'));
    expect(draw('7', 'ed')).not.toEqual(draw('7', 'or'));
  });

  it('keeps a stream as it is however often another is asked', () => {
    const root = createRandom(1);
    const [a, b] = [root.stream('a'), root.stream('b')];
    for (let i = 0; i < 100; i++) a.next();
    expect(b.next()).toBe(createRandom(1).stream('b').next());
  });

  it('is uniform and not correlated between streams', () => {
    const root = createRandom('uniform');
    const [a, b] = [root.stream('a'), root.stream('b')];
    const n = 100_000;
    let [mean, square, product] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [x, y] = [a.next(), b.next()];
      mean += x / n;
      square += (x - 0.5) ** 2 / n;
      product += ((x - 0.5) * (y - 0.5)) / n;
    }
    // Four standard errors of each.
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(product)).toBeLessThan(4 / 12 / Math.sqrt(n));
  });
});

it('a heap gives its items in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((a, b) => a < b);
      numbers.forEach((n) => heap.push(n));
      const out: number[] = [];
      for (let n = heap.pop(); n !== undefined; n = heap.pop()) out.push(n);
      expect(out).toEqual([...numbers].sort((a, b) => a - b));
    }),
    { seed: 1 },
  );
});

describe('simulation', () => {
  it('lets things happen by time, then in the order of planning, and not what was cancelled', () => {
    const simulation = new Simulation(10);
    const seen: string[] = [];
    simulation.after(5, () => seen.push('b'));
    simulation.at(15, () => seen.push('c'));
    simulation.at(12, () => seen.push('a'));
    simulation.at(13, () => seen.push('never')).cancelled = true;
    simulation.at(21, () => seen.push('later'));
    simulation.run(20);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect([simulation.now, simulation.next]).toEqual([20, 21]);
    expect(() => simulation.at(19, () => {})).toThrow(/cannot plan for 19/);
  });

  it('runs processes that wait for time and servers', () => {
    const simulation = new Simulation();
    const bed = new Resource(simulation, 1);
    const seen: [string, number][] = [];
    function* patient(name: string, hours: number): Process {
      yield bed.use(1, hours);
      seen.push([name, simulation.now]);
      yield simulation.wait(1);
      seen.push([`${name} home`, simulation.now]);
    }
    simulation.start(patient('a', 3));
    simulation.start(patient('b', 2));
    simulation.run(100);
    expect(seen).toEqual([['a', 3], ['a home', 4], ['b', 5], ['b home', 6]]);
  });
});

describe('a resource with one server', () => {
  const ends = (discipline: 'non-preemptive' | 'preemptive-resume') => {
    const simulation = new Simulation();
    const server = new Resource(simulation, 1, discipline);
    const done: [string, number][] = [];
    const arrive = (at: number, name: string, priority: number, service: number) =>
      simulation.at(at, () => void server.serve(priority, service, () => done.push([name, simulation.now])));
    arrive(0, 'low', 3, 10);
    arrive(1, 'low too', 3, 10);
    arrive(2, 'urgent', 1, 4);
    arrive(3, 'urgent too', 1, 4);
    simulation.run(100);
    return done;
  };

  it('without pre-emption lets the served finish, then takes the most urgent', () => {
    expect(ends('non-preemptive')).toEqual([['urgent', 14], ['urgent too', 18], ['low', 10], ['low too', 28]].sort((a, b) => Number(a[1]) - Number(b[1])));
  });

  it('with pre-emption interrupts, and resumes the interrupted before those of its class who came later', () => {
    expect(ends('preemptive-resume')).toEqual([['urgent', 6], ['urgent too', 10], ['low', 18], ['low too', 28]]);
  });

  it('lets the waiting withdraw, and the served give the place back once', () => {
    const simulation = new Simulation();
    const room = new Resource(simulation, 1);
    const seen: string[] = [];
    const first = room.request(1, () => seen.push('first'));
    const second = room.request(1, () => seen.push('second'));
    room.request(1, () => seen.push('third'));
    expect([room.busy, room.waiting, room.withdraw(second), room.withdraw(second), room.waiting]).toEqual([1, 2, true, false, 1]);
    room.release(first);
    expect(seen).toEqual(['first', 'third']);
    expect(() => room.release(first)).toThrow(/nothing to release/);
  });

  it('takes fewer and more servers without breaking off a service', () => {
    const simulation = new Simulation();
    const analyser = new Resource(simulation, 1);
    const done: number[] = [];
    for (let i = 0; i < 3; i++) analyser.serve(1, 2, () => done.push(simulation.now));
    simulation.at(1, () => analyser.setServers(0));
    simulation.at(9, () => analyser.setServers(2));
    simulation.run(20);
    expect(done).toEqual([2, 11, 11]);
  });
});
