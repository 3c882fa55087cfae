/** The parts of V8's CPU profile that are read here. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  /** Which node was on top at each sample. */
  samples: number[];
  /** Microseconds since the sample before. */
  timeDeltas: number[];
}

/** Self time of one place, microseconds. */
export interface Share {
  place: string;
  microseconds: number;
}

/** What was not work, or the profiler's own. */
const IDLE = new Set(['(idle)', '(root)', '(program)']);
const PROFILER = 'node:inspector';

/** Self time by module (own file, package, Node's own, collector), the most first, without idling. */
export function byModule(profile: CpuProfile): Share[] {
  return shares(profile, ({ functionName, url }) => moduleOf(url, functionName));
}

/** The same by function and line. */
export function byFunction(profile: CpuProfile): Share[] {
  return shares(profile, placeOfFunction);
}

/**
 * Time by the function of our own nearest above on the stack, with all that it called outside our code; by package where
 * there is none (a driver at work on its own behalf).
 */
export function byOwner(profile: CpuProfile): Share[] {
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const stackOf = (id: number | undefined): Frame[] =>
    id === undefined ? [] : [frames.get(id)!, ...stackOf(parents.get(id))];
  return shares(profile, (frame, id) => {
    const stack = stackOf(id);
    const own = stack.find(({ url }) => isOwn(url));
    if (own) return placeOfFunction(own);
    const npm = stack
      .map(({ url, functionName }) => moduleOf(url, functionName))
      .find((name) => name.startsWith('npm '));
    return npm ?? moduleOf(frame.url, frame.functionName);
  });
}

type Frame = CpuProfile['nodes'][number]['callFrame'];

function shares(
  { nodes, samples, timeDeltas }: CpuProfile,
  placeOf: (frame: Frame, id: number) => string,
): Share[] {
  const places = new Map(
    nodes
      .filter(({ callFrame }) => isWork(callFrame))
      .map((node) => [node.id, placeOf(node.callFrame, node.id)]),
  );
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const place = places.get(id);
    if (place !== undefined) sums.set(place, (sums.get(place) ?? 0) + timeDeltas[index]!);
  });
  const all = [...sums].map(([place, microseconds]) => ({ place, microseconds }));
  return all.sort((one, other) => other.microseconds - one.microseconds);
}

function placeOfFunction({ functionName, url, lineNumber }: Frame): string {
  if (url === '') return moduleOf(url, functionName);
  return `${functionName || '(anonymous)'}  ${fileOf(url)}:${lineNumber + 1}`;
}

function isOwn(url: string): boolean {
  return url.includes('/dist/') && !url.includes('/node_modules/');
}

function isWork({ functionName, url }: Frame): boolean {
  return !IDLE.has(functionName) && url !== PROFILER;
}

/** `libs/evidence/src/draft` of our own, `npm pg` of others', `node:net`; what has no file by its name: `(garbage collector)`, `native writev`. */
function moduleOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : `native ${functionName}`;
  const own = /\/dist\/(.+)\.js$/.exec(url)?.[1];
  const npm = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (npm !== undefined) return `npm ${npm}`;
  return own ?? url;
}

function fileOf(url: string): string {
  return url.replace(/^.*?\/(?=(dist|node_modules)\/)/, '');
}
