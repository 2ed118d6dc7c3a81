/** What is used of WebAssembly: Node's own types do not have it, and those of a browser have no place here. */
export type WasmModule = { readonly wasmModule: unique symbol };
type Api = {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly RuntimeError: new () => Error;
};
export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): void };
export type WasmGlobal = { readonly value: number };

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;
