/** What the program's exit codes mean: part of its interface, like its JSON. */
export const EXIT = { done: 0, problemsFound: 1, operatorError: 2, changes: 10, bug: 70 } as const;
