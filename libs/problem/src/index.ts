export { PROBLEMS, type ProblemName } from './codes.js';
export { Problem, isProblemName, type ProblemDocument, type ProblemOptions } from './problem.js';
export { unknownMember } from './unknown-member.js';
export { explain } from './explain.js';
