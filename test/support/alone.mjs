import Runner from 'jest-runner';

/**
 * Runs suites one after the other in one worker, with no other suite beside them: those that start a province of processes, or kill
 * one under load, measure seconds and want the machine for themselves.
 */
export default class Alone extends Runner {
  constructor(config, context) {
    super({ ...config, maxWorkers: 1 }, context);
  }
}
