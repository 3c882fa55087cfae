import { compile } from 'json-schema-to-typescript';
import { type Contract } from '../model.js';
import { isObject, type JsonSchema } from '../schema.js';
import { folderName, inOrder, typeName } from './names.js';
import { type Output } from './output.js';

const FOLDER = 'libs/contracts/src/generated';
const BANNER =
  '/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */';

/** One file of types per contract and an index that maps query ids to them. */
export async function generateTypes(contracts: Iterable<Contract>): Promise<Output[]> {
  const ordered = inOrder(contracts);
  const files = await Promise.all(ordered.map(typesOf));
  return [...files, { path: `${FOLDER}/index.ts`, text: indexOf(ordered) }];
}

async function typesOf(contract: Contract): Promise<Output> {
  const request = await interfaceOf(contract.requestSchema, `${typeName(contract)}Request`);
  const record = await interfaceOf(contract.recordSchema, `${typeName(contract)}Record`);
  return { path: `${FOLDER}/${folderName(contract)}.ts`, text: `${BANNER}\n\n${request}\n${record}` };
}

function interfaceOf(schema: JsonSchema, name: string): Promise<string> {
  return compile({ ...(describedBy(schema) as object), title: name }, name, {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 110 },
  });
}

/** Titles would become the names of types; as descriptions they become comments. */
function describedBy(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describedBy);
  if (!isObject(schema)) return schema;
  const { title, $schema: _, ...rest } = schema;
  const entries = Object.entries(rest).map(([key, value]) => [key, describedBy(value)]);
  return { ...(typeof title === 'string' && { description: title }), ...Object.fromEntries(entries) };
}

function indexOf(contracts: readonly Contract[]): string {
  const imports = contracts.map((contract) => {
    const name = typeName(contract);
    return `import { type ${name}Record, type ${name}Request } from './${folderName(contract)}.js';`;
  });
  const exports = contracts.map((contract) => `export type * from './${folderName(contract)}.js';`);
  return `${BANNER}

${imports.join('\n')}

${exports.join('\n')}

/** Request bodies by query id. */
export interface RequestOf {
${contracts.map((contract) => `  '${contract.id}': ${typeName(contract)}Request;`).join('\n')}
}

/** Plain reply records by query id. */
export interface RecordOf {
${contracts.map((contract) => `  '${contract.id}': ${typeName(contract)}Record;`).join('\n')}
}
`;
}
