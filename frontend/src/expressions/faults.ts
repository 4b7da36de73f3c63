// What can be wrong with an expression: a code and a place. The sentences are the server's, which reads it first.

export class Fault extends Error {
  readonly code: string;
  readonly position: number;

  constructor(code: string, position = 0) {
    super(`${code} at ${position}`);
    this.code = code;
    this.position = position;
  }
}
