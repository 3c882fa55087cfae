// Fills the agencies' own systems with synthetic people, as the demo does; full ones are left alone.
// Usage: node deploy/compose/set-up/sources.mjs SECRETS_DIR [PERSONS]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContracts } from '#contracts';
import { fillSources } from '../../../dist/apps/demo/src/province/databases.js';

const [secrets, persons = '20000'] = process.argv.slice(2);
if (secrets === undefined) throw new Error('usage: sources.mjs SECRETS_DIR [PERSONS]');

const urlOf = (agency) => readFileSync(join(secrets, `${agency}.source-url`), 'utf8').trim();
await fillSources([...loadContracts().agencies.values()], urlOf, { seed: 1, persons: Number(persons) });
console.log('the sources are filled');
