/** A lock between programs on one machine that the system lets go of when its holder dies, however it dies. */
export interface Lock {
  /** Runs `work` while no other program does; waits for its turn up to the given milliseconds, then throws an OperatorError. */
  hold<T>(waitMilliseconds: number, work: () => Promise<T>): Promise<T>;
}
