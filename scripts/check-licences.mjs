// Every installed package stands under a licence that we may ship or build with.
import { createRequire } from 'node:module';

const checker = createRequire(import.meta.url)('license-checker-rseidelsohn');

/** Permissive licences; the Creative Commons and Python ones cover data and documentation of build tools. */
const ALLOWED = new Set([
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
    'PostgreSQL',
  ],
  ...['CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0', 'Python-2.0', 'PSF-2.0', 'WTFPL'],
]);

const isAllowed = (text) =>
  text
    .replace(/[()*]/g, '')
    .split(/ (?:AND|OR) /)
    .every((licence) => ALLOWED.has(licence.trim()));

checker.init({ start: '.', excludePrivatePackages: true }, (error, packages) => {
  if (error) throw error;
  const bad = Object.entries(packages).filter(([, { licenses }]) => ![licenses].flat().every(isAllowed));
  for (const [name, { licenses }] of bad) console.error(`${name}: ${licenses}`);
  process.exit(bad.length === 0 ? 0 : 1);
});
