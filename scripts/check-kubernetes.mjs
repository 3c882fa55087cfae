// The manifests of deploy/kubernetes, type-checked against the Kubernetes API: each object becomes a literal of its type, so
// that our own TypeScript finds fields that do not exist, values of a wrong type, and required fields that are missing.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const FOLDER = 'deploy/kubernetes';
const MODULES = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'networking.k8s.io/v1': 'networking/v1',
  'policy/v1': 'policy/v1',
};

const objects = readdirSync(FOLDER, { recursive: true })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .flatMap((name) => documentsOf(join(FOLDER, name)));
const faults = [
  ...objects.filter(({ object }) => object.kind === 'Kustomization').flatMap(danglingFiles),
  ...typeFaults(objects.filter(({ object }) => object.kind !== 'Kustomization')),
];
for (const fault of faults) console.log(fault);
process.exit(faults.length === 0 && objects.length > 0 ? 0 : 1);

function documentsOf(file) {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document, index) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
    return { file, index, object: document.toJS() };
  });
}

/** Files and folders that a kustomization names and that are not there. */
function danglingFiles({ file, object }) {
  const names = object.resources ?? [];
  const there = (path) =>
    existsSync(
      statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'kustomization.yaml') : path,
    );
  return names
    .filter((name) => !there(join(dirname(file), name)))
    .map((name) => `${file}: there is no ${name}`);
}

function typeFaults(all) {
  const sources = new Map(all.map((one, index) => [`${process.cwd()}/manifest-${index}.ts`, literalOf(one)]));
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.getSourceFile = (name, version) =>
    sources.has(name) ? ts.createSourceFile(name, sources.get(name), version) : getSourceFile(name, version);
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => told(all, sources, diagnostic));
}

function literalOf({ file, object }) {
  const module = MODULES[object.apiVersion];
  if (module === undefined)
    throw new Error(`${file}: no types are known for apiVersion ${object.apiVersion}`);
  const { kind } = object;
  return `import type { ${kind} } from 'kubernetes-types/${module}';\nexport const manifest: ${kind} = ${JSON.stringify(object, null, 2)};\n`;
}

function told(all, sources, { file, start = 0, messageText }) {
  const index = file ? [...sources.keys()].indexOf(file.fileName) : -1;
  const { file: manifest = FOLDER, object } = all[index] ?? {};
  const text = ts.flattenDiagnosticMessageText(messageText, '\n  ');
  if (!file || !object) return `${manifest}: ${text}`;
  const line = file.text.slice(start).split('\n')[0].trim();
  return `${manifest}: ${object.kind} ${object.metadata?.name}: at ${line}\n  ${text}`;
}
