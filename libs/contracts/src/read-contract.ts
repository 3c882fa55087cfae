import { type DataFiles } from './files.js';
import { composeRequest, type OwnRequest, readOwnRequest } from './compose-request.js';
import {
  type AgencyClass,
  type Classification,
  type Contract,
  type LegalBasis,
  type ReleaseMode,
  type SubjectKind,
} from './model.js';
import { isObject, type JsonSchema, openObjects, propertiesOf } from './schema.js';
import { type ShapedFiles } from './shapes.js';

/** `contract.yaml` as written. */
interface ContractFile {
  code: string;
  version: number;
  title: string;
  owner: AgencyClass;
  subject: SubjectKind;
  maxRows: number;
  regionField?: string;
  legalBasis: LegalBasis[];
  fields: Record<
    string,
    { title: string; classification: Classification; modes: ReleaseMode[]; claim?: string }
  >;
}

/** One folder of `contracts/queries`: undefined when a part is missing, and then its faults are noted. */
export function readContract(shaped: ShapedFiles, folder: string, common: JsonSchema): Contract | undefined {
  const { files } = shaped;
  const path = `queries/${folder}`;
  const written = shaped.yaml<ContractFile>(`${path}/contract.yaml`, 'contract');
  const own = readRequest(files, `${path}/request.schema.json`);
  const record = readSchema(files, `${path}/reply.schema.json`);
  if (!written || !own || !record) return undefined;
  checkFolder(files, folder, written);
  checkFields(files, path, written, record);
  checkClaims(files, path, written, own);
  return toContract(written, own, record, common);
}

function toContract(
  written: ContractFile,
  own: OwnRequest,
  record: JsonSchema,
  common: JsonSchema,
): Contract {
  const { fields, ...rest } = written;
  const id = `${written.code}@${written.version}` as const;
  const names = Object.keys(propertiesOf(record));
  return {
    id,
    ...rest,
    fields: Object.entries(propertiesOf(record)).flatMap(([name, schema]) => {
      const field = fields[name];
      return field ? [{ name, schema, ...field }] : [];
    }),
    claims: propertiesOf(own.claims),
    requestSchema: composeRequest(common, own, {
      id,
      title: written.title,
      subject: written.subject,
      fields: names,
    }),
    recordSchema: record,
  };
}

function readRequest(files: DataFiles, path: string): OwnRequest | undefined {
  const schema = readSchema(files, path);
  if (!schema) return undefined;
  const own = readOwnRequest(schema);
  if (!own)
    files.faults.add(path, '/properties', 'must be exactly params and claims; only params may be required');
  return own;
}

/** Reads a schema whose objects are all closed: what it does not name must not pass. */
export function readSchema(files: DataFiles, path: string): JsonSchema | undefined {
  const schema = files.json(path);
  if (schema === undefined) return undefined;
  if (!isObject(schema)) {
    files.faults.add(path, '', 'is not a JSON Schema object');
    return undefined;
  }
  for (const pointer of openObjects(schema))
    files.faults.add(path, pointer, 'additionalProperties must be false');
  return schema;
}

/** `HR-SI-01` holds version 1, `HR-SI-01-v2` version 2: a breaking change is a new folder beside the old one. */
function checkFolder(files: DataFiles, folder: string, { code, version }: ContractFile): void {
  const expected = version === 1 ? code : `${code}-v${version}`;
  if (folder !== expected)
    files.faults.add(`queries/${folder}/contract.yaml`, '/code', `belongs into folder ${expected}`);
}

function checkFields(
  files: DataFiles,
  path: string,
  { fields, regionField }: ContractFile,
  record: JsonSchema,
): void {
  const properties = propertiesOf(record);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(properties, name))
      files.faults.add(`${path}/contract.yaml`, `/fields/${name}`, 'is not in reply.schema.json');
  }
  for (const name of Object.keys(properties)) {
    if (!Object.hasOwn(fields, name))
      files.faults.add(`${path}/reply.schema.json`, `/properties/${name}`, 'is not in contract.yaml');
  }
  if (regionField !== undefined && !Object.hasOwn(properties, regionField)) {
    files.faults.add(`${path}/contract.yaml`, '/regionField', 'is not in reply.schema.json');
  }
}

/** `match` needs a claim to compare with, and a claim nobody compares is data sent for nothing. */
function checkClaims(files: DataFiles, path: string, { fields }: ContractFile, own: OwnRequest): void {
  const claims = Object.keys(propertiesOf(own.claims));
  const file = `${path}/contract.yaml`;
  for (const [name, { modes, claim }] of Object.entries(fields)) {
    if (modes.includes('match') !== (claim !== undefined))
      files.faults.add(file, `/fields/${name}`, 'match and claim go together');
    if (claim !== undefined && !claims.includes(claim))
      files.faults.add(file, `/fields/${name}/claim`, 'is not in request.schema.json');
  }
  const used = new Set(Object.values(fields).map(({ claim }) => claim));
  for (const claim of claims) {
    if (!used.has(claim))
      files.faults.add(
        `${path}/request.schema.json`,
        `/properties/claims/properties/${claim}`,
        'no field compares it',
      );
  }
}
