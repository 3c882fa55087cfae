import { basename } from 'node:path';
import { parseUscc } from '#identifiers';
import { Problem } from '#problem';
import { type Agency, type Campaign, type Contract, type PurposeDefinition, type Region } from './model.js';
import { type ShapedFiles } from './shapes.js';

/** Who there is, what for and where: everything under `/contracts` that is neither a query nor a scheme. */
export interface Directory {
  agencies: Map<string, Agency>;
  purposes: Map<string, PurposeDefinition>;
  campaigns: Map<string, Campaign>;
  regions: Map<string, Region>;
}

/** Reads agencies, purposes, campaigns and regions and holds them against each other and the contracts. */
export function readDirectory(shaped: ShapedFiles, contracts: Iterable<Contract>): Directory {
  const regions = shaped.yaml<{ regions: Region[] }>('regions.yaml', 'regions')?.regions ?? [];
  const purposes =
    shaped.yaml<{ purposes: PurposeDefinition[] }>('purposes.yaml', 'purposes')?.purposes ?? [];
  const directory: Directory = {
    agencies: readAll<Agency>(shaped, 'agencies', 'agency'),
    campaigns: readAll<Campaign>(shaped, 'campaigns', 'campaign'),
    purposes: byKey(shaped, 'purposes.yaml', purposes, ({ code }) => code),
    regions: byKey(shaped, 'regions.yaml', regions, ({ code }) => code),
  };
  const owners = new Map([...contracts].map(({ code, owner }) => [code, owner]));
  for (const agency of directory.agencies.values()) checkAgency(shaped, agency, directory, owners);
  for (const campaign of directory.campaigns.values()) checkCampaign(shaped, campaign, directory);
  checkUsccsDiffer(shaped, directory);
  return directory;
}

/** One file per entry, named by its id. */
function readAll<T extends { id: string }>(
  shaped: ShapedFiles,
  folder: string,
  shape: 'agency' | 'campaign',
): Map<string, T> {
  const all = new Map<string, T>();
  for (const path of shaped.files.files(folder, '.yaml')) {
    const entry = shaped.yaml<T>(path, shape);
    if (!entry) continue;
    if (entry.id !== basename(path, '.yaml'))
      shaped.files.faults.add(path, '/id', 'must be the name of the file');
    all.set(entry.id, entry);
  }
  return all;
}

function byKey<T>(
  shaped: ShapedFiles,
  path: string,
  list: readonly T[],
  key: (entry: T) => string,
): Map<string, T> {
  const all = new Map<string, T>();
  for (const entry of list) {
    if (all.has(key(entry))) shaped.files.faults.add(path, '', `${key(entry)} is listed twice`);
    all.set(key(entry), entry);
  }
  return all;
}

function checkAgency(
  shaped: ShapedFiles,
  agency: Agency,
  { regions }: Directory,
  owners: ReadonlyMap<string, string>,
): void {
  const path = `agencies/${agency.id}.yaml`;
  const { faults } = shaped.files;
  checkUscc(shaped, agency);
  if (!regions.has(agency.region)) faults.add(path, '/region', 'is not in regions.yaml');
  agency.provides.forEach((code, index) => {
    const owner = owners.get(code);
    if (owner === undefined) faults.add(path, `/provides/${index}`, 'there is no such contract');
    else if (owner !== agency.class)
      faults.add(path, `/provides/${index}`, `belongs to agencies of class ${owner}`);
  });
}

/** Check characters must fit: agencies are few and typed by hand, and an old pilot code among them is worth a look. */
function checkUscc(shaped: ShapedFiles, { id, uscc }: Agency): void {
  try {
    const { notices } = parseUscc(uscc, { synthetic: 'accept' });
    if (notices.length > 0) shaped.files.faults.add(`agencies/${id}.yaml`, '/uscc', notices.join(', '));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    shaped.files.faults.add(`agencies/${id}.yaml`, '/uscc', error.message);
  }
}

/** One legal body is one agency. */
function checkUsccsDiffer(shaped: ShapedFiles, { agencies }: Directory): void {
  const seen = new Map<string, string>();
  for (const { id, uscc } of agencies.values()) {
    const other = seen.get(uscc);
    if (other !== undefined)
      shaped.files.faults.add(`agencies/${id}.yaml`, '/uscc', `is also that of ${other}`);
    seen.set(uscc, id);
  }
}

function checkCampaign(shaped: ShapedFiles, campaign: Campaign, { regions }: Directory): void {
  const path = `campaigns/${campaign.id}.yaml`;
  const { faults } = shaped.files;
  if (!regions.has(campaign.region)) faults.add(path, '/region', 'is not in regions.yaml');
  if (campaign.from > campaign.to) faults.add(path, '/to', 'is before from');
  campaign.stages.forEach(({ from, to }, index) => {
    // Stages may overlap, as in life (domain catalogue §1.5), but not leave the campaign.
    if (from > to || from < campaign.from || to > campaign.to)
      faults.add(path, `/stages/${index}`, 'lies outside the campaign');
  });
}
