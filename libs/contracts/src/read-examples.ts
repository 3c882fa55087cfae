import { basename } from 'node:path';
import { type Contract, type ContractExample, type SubjectResult } from './model.js';
import { isSynthetic } from './synthetic.js';
import { compileOrFault, type ShapedFiles } from './shapes.js';
import { recordValidator, requestValidator } from './validators.js';

/** The examples of one contract; each must pass the contract's own schemas. */
export function readExamples(shaped: ShapedFiles, folder: string, contract: Contract): ContractExample[] {
  const { files } = shaped;
  const paths = files.files(`queries/${folder}/examples`, '.json');
  if (paths.length === 0) files.faults.add(`queries/${folder}/examples`, '', 'a contract needs an example');
  return paths.flatMap((path) => {
    const example = shaped.json<Omit<ContractExample, 'name'>>(path, 'example');
    if (!example) return [];
    compileOrFault(() => checkExample(shaped, path, contract, example), `queries/${folder}`, files);
    return [{ name: basename(path, '.json'), ...example }];
  });
}

function checkExample(
  shaped: ShapedFiles,
  path: string,
  contract: Contract,
  example: Omit<ContractExample, 'name'>,
): void {
  const { faults } = shaped.files;
  const problem = requestValidator(contract)(example.request);
  if (problem) faults.add(path, `/request${problem.field ?? ''}`, problem.detail ?? problem.problem);
  else checkSubjects(shaped, path, example);
  example.reply.forEach((result, index) => checkResult(shaped, `/reply/${index}`, path, contract, result));
}

/** Each subject has its own outcome, in order. */
function checkSubjects(
  shaped: ShapedFiles,
  path: string,
  { request, reply }: Omit<ContractExample, 'name'>,
): void {
  const answered = reply.map(({ subject }) => subject);
  const asked = request.subjects.map((_, index) => index);
  const { faults } = shaped.files;
  if (answered.join() !== asked.join())
    faults.add(path, '/reply', 'must hold one outcome per subject, in order');
  request.subjects.forEach((subject, index) => {
    if (!isSynthetic(subject))
      faults.add(path, `/request/subjects/${index}`, 'must be synthetic (region prefix 99)');
  });
}

function checkResult(
  shaped: ShapedFiles,
  at: string,
  path: string,
  contract: Contract,
  result: SubjectResult,
): void {
  const { faults } = shaped.files;
  if ((result.answer === 'found') !== result.records.length > 0)
    faults.add(path, `${at}/records`, 'found has records, others have none');
  if (result.records.length > contract.maxRows)
    faults.add(path, `${at}/records`, `more than maxRows ${contract.maxRows}`);
  result.records.forEach((record, index) => {
    const problem = recordValidator(contract)(record);
    if (problem)
      faults.add(path, `${at}/records/${index}${problem.field ?? ''}`, problem.detail ?? problem.problem);
  });
}
