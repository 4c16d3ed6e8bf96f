// What tests/js uses of Node.
declare module "node:test" {
  export function test(name: string, run: () => void | Promise<void>): Promise<void>;
  export const mock: {
    method<T extends object>(of: T, name: keyof T, replacement: () => unknown): void;
    restoreAll(): void;
    timers: { enable(options: { apis: string[] }): void; reset(): void; tick(ms: number): void };
  };
}
declare module "node:assert/strict" {
  const assert: {
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(actual: string, expected: RegExp, message?: string): void;
    ok(value: unknown, message?: string): asserts value;
  };
  export default assert;
}
declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf8"): string;
}
interface ImportMeta {
  readonly url: string;
}
