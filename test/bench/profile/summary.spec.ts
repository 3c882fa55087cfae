import { describe, expect, test } from '@jest/globals';
import { byFunction, byModule, byOwner, type CpuProfile } from './summary.js';

const node = (id: number, functionName: string, url = '', lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)'),
    node(2, '(idle)'),
    node(3, 'seal', 'file:///somewhere/dist/libs/envelope/src/sealer.js', 9),
    node(4, 'open', 'file:///somewhere/dist/libs/envelope/src/sealer.js', 19),
    node(5, 'read', '/somewhere/node_modules/@scope/name/dist/reader.js', 0),
    node(6, 'writev'),
    node(7, '(garbage collector)'),
    node(8, 'post', 'node:inspector'),
    node(9, '', 'node:net', 4),
  ],
  samples: [2, 3, 4, 3, 5, 6, 7, 8, 9, 1],
  timeDeltas: [900, 10, 20, 30, 5, 4, 3, 700, 2, 800],
};

describe('where the time of a profile went', () => {
  test('is told by own file, package, part of Node and native function; idling and the profiler are not work', () => {
    expect(byModule(profile)).toEqual([
      { place: 'libs/envelope/src/sealer', microseconds: 60 },
      { place: 'npm @scope/name', microseconds: 5 },
      { place: 'native writev', microseconds: 4 },
      { place: '(garbage collector)', microseconds: 3 },
      { place: 'node:net', microseconds: 2 },
    ]);
  });

  test('is told by function and line, the most first', () => {
    expect(byFunction(profile)).toEqual([
      { place: 'seal  dist/libs/envelope/src/sealer.js:10', microseconds: 40 },
      { place: 'open  dist/libs/envelope/src/sealer.js:20', microseconds: 20 },
      { place: 'read  node_modules/@scope/name/dist/reader.js:1', microseconds: 5 },
      { place: 'native writev', microseconds: 4 },
      { place: '(garbage collector)', microseconds: 3 },
      { place: '(anonymous)  node:net:5', microseconds: 2 },
    ]);
  });

  test('is told by the function of ours that called it, or the package when none of ours did', () => {
    const [seal, open] = [3, 4];
    const called = profile.nodes.map((each) => {
      if (each.id === seal) return { ...each, children: [open, 5] };
      return each.id === 5 ? { ...each, children: [6] } : each;
    });
    expect(byOwner({ ...profile, nodes: called })).toEqual([
      { place: 'seal  dist/libs/envelope/src/sealer.js:10', microseconds: 49 },
      { place: 'open  dist/libs/envelope/src/sealer.js:20', microseconds: 20 },
      { place: '(garbage collector)', microseconds: 3 },
      { place: 'node:net', microseconds: 2 },
    ]);
  });
});
