'use strict';
// TEST-ONLY. The Electron that the tests can get here is 22 (Node 16, Chromium 108); the product is written for a current
// Electron. This file brings Node 16's globals and built-in modules up to what the bundles and their dependencies expect.
// On a current Electron every `define` below finds its target present and does nothing.
// It is bundled on its own (esbuild, cjs, node16), and is never part of a release build.

if (Number(process.versions.node.split('.')[0]) < 20) {
  require('core-js/actual');

  const define = (target, name, value) => {
    if (target[name] === undefined) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
    }
  };

  // --- WebCrypto. Node 16 has it, but not as a global, and its CryptoKey has no class tag,
  // which is what jose 6 goes by to tell a CryptoKey.
  const { webcrypto, createHash } = require('node:crypto');
  define(globalThis, 'crypto', webcrypto);
  define(globalThis, 'CryptoKey', webcrypto.CryptoKey);
  if (webcrypto.CryptoKey && !webcrypto.CryptoKey.prototype[Symbol.toStringTag]) {
    Object.defineProperty(webcrypto.CryptoKey.prototype, Symbol.toStringTag, {
      value: 'CryptoKey',
      configurable: true,
    });
  }
  const cryptoModule = require('node:crypto');
  define(cryptoModule, 'subtle', webcrypto.subtle);
  define(cryptoModule, 'getRandomValues', (array) => webcrypto.getRandomValues(array));
  define(cryptoModule, 'hash', (algorithm, data, encoding = 'hex') =>
    createHash(algorithm)
      .update(data)
      .digest(encoding === 'buffer' ? undefined : encoding),
  );

  // --- Web platform classes that Node 16 keeps in modules.
  for (const [name, value] of Object.entries(require('node:stream/web'))) define(globalThis, name, value);
  const { Blob } = require('node:buffer');
  define(globalThis, 'Blob', Blob);
  class File extends Blob {
    #name;
    #lastModified;
    constructor(parts, name, options = {}) {
      super(parts, options);
      this.#name = String(name);
      this.#lastModified = options.lastModified ?? Date.now();
    }
    get name() {
      return this.#name;
    }
    get lastModified() {
      return this.#lastModified;
    }
    get [Symbol.toStringTag]() {
      return 'File';
    }
  }
  define(globalThis, 'File', File);
  define(require('node:buffer'), 'File', File);
  const workers = require('node:worker_threads');
  for (const name of ['MessagePort', 'MessageChannel', 'BroadcastChannel'])
    define(globalThis, name, workers[name]);
  define(workers, 'markAsUncloneable', () => {});
  class CustomEvent extends Event {
    #detail;
    constructor(type, init) {
      super(type, init);
      this.#detail = init?.detail ?? null;
    }
    get detail() {
      return this.#detail;
    }
  }
  define(globalThis, 'CustomEvent', CustomEvent);
  define(globalThis, 'navigator', {
    hardwareConcurrency: require('node:os').cpus().length,
    language: 'en-US',
    platform: process.platform,
    userAgent: `Node.js/${process.versions.node.split('.')[0]}`,
  });

  // --- AbortSignal.
  define(AbortSignal, 'timeout', (ms) => {
    const controller = new AbortController();
    setTimeout(
      () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')),
      ms,
    ).unref();
    return controller.signal;
  });
  define(AbortSignal, 'any', (signals) => {
    const controller = new AbortController();
    const list = [...signals];
    const stop = (event) => {
      for (const signal of list) signal.removeEventListener('abort', stop);
      controller.abort(event.target.reason);
    };
    for (const signal of list) {
      if (signal.aborted) {
        controller.abort(signal.reason);
        break;
      }
      signal.addEventListener('abort', stop);
    }
    return controller.signal;
  });
  const events = require('node:events');
  define(events, 'addAbortListener', (signal, listener) => {
    const remove = () => signal.removeEventListener('abort', listener);
    if (signal.aborted) queueMicrotask(() => listener());
    else signal.addEventListener('abort', listener, { once: true });
    return { [Symbol.dispose]: remove };
  });

  // --- Odds and ends of the standard library.
  const os = require('node:os');
  define(os, 'availableParallelism', () => os.cpus().length);
  const stream = require('node:stream');
  define(stream, 'getDefaultHighWaterMark', (objectMode) => (objectMode ? 16 : 16 * 1024));
  define(stream.Readable, 'fromWeb', (web, options) =>
    stream.Readable.from(
      (async function* () {
        const reader = web.getReader();
        try {
          for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            yield value;
          }
        } finally {
          reader.releaseLock();
        }
      })(),
      { objectMode: false, ...options },
    ),
  );
  define(stream.Readable, 'toWeb', (readable) => {
    const iterator = readable[Symbol.asyncIterator]();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      },
      async cancel() {
        await iterator.return?.();
        readable.destroy();
      },
    });
  });
  // undici's fetch() asks node:stream about web streams, which Node 16's helpers do not know.
  const webState = (candidate) => {
    if (!(candidate instanceof ReadableStream)) return undefined;
    const symbol = Object.getOwnPropertySymbols(candidate).find((key) => key.description === 'kState');
    return symbol && candidate[symbol];
  };
  const { finished, isErrored, isReadable, isDisturbed } = stream;
  stream.isErrored = (s) => {
    const w = webState(s);
    return w ? w.state === 'errored' : isErrored(s);
  };
  stream.isReadable = (s) => {
    const w = webState(s);
    return w ? w.state === 'readable' : isReadable(s);
  };
  stream.isDisturbed = (s) => {
    const w = webState(s);
    return w ? w.disturbed : isDisturbed(s);
  };
  stream.finished = Object.assign((s, ...rest) => {
    const w = webState(s);
    if (!w) return finished(s, ...rest);
    const callback = rest.at(-1);
    const done = () => queueMicrotask(() => (w.state === 'errored' ? callback(w.storedError) : callback()));
    if (w.state !== 'readable') done();
    else {
      let state = w.state;
      Object.defineProperty(w, 'state', {
        configurable: true,
        enumerable: true,
        get: () => state,
        set: (next) => {
          if (state === 'readable' && next !== 'readable') {
            state = next;
            done();
          } else state = next;
        },
      });
    }
    return () => {};
  }, finished);
  // lru-cache names its channels at load; nobody listens.
  const diagnostics = require('node:diagnostics_channel');
  define(diagnostics, 'tracingChannel', () => ({ hasSubscribers: false }));
  const util = require('node:util');
  define(util, 'styleText', (_format, text) => text);
  define(process, 'getBuiltinModule', (id) => {
    try {
      return require(id);
    } catch {
      return undefined;
    }
  });
  // undici 8 binds this at load; nothing the tests talk to answers in zstd.
  const zlib = require('node:zlib');
  define(zlib, 'createZstdDecompress', () => {
    throw new Error('zstd is not available on this Node');
  });

  // --- fetch and its classes, on first use. (undici is a dependency of this file only if the product
  // does not have it already; drop this block if the product imports undici's fetch itself.)
  for (const name of ['fetch', 'Headers', 'Request', 'Response', 'FormData', 'WebSocket', 'EventSource']) {
    if (globalThis[name] !== undefined) continue;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        const value = require('undici')[name];
        Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
        return value;
      },
      set(value) {
        Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
      },
    });
  }

  // --- node:http: the graceful-shutdown methods of Node 18.2.
  for (const { Server } of [require('node:http'), require('node:https')]) {
    if (Server.prototype.closeAllConnections) continue;
    const open = new WeakMap();
    const listen = Server.prototype.listen;
    Server.prototype.listen = function (...args) {
      if (!open.has(this)) {
        const sockets = new Map();
        open.set(this, sockets);
        const seen = (socket) => {
          if (sockets.has(socket)) return;
          sockets.set(socket, 0);
          socket.once('close', () => sockets.delete(socket));
        };
        this.on('connection', seen);
        this.on('request', (request, response) => {
          const { socket } = request;
          sockets.set(socket, (sockets.get(socket) ?? 0) + 1);
          response.once('close', () => {
            if (sockets.has(socket)) sockets.set(socket, sockets.get(socket) - 1);
          });
        });
      }
      return listen.apply(this, args);
    };
    define(Server.prototype, 'closeAllConnections', function () {
      for (const socket of open.get(this)?.keys() ?? []) socket.destroy();
    });
    define(Server.prototype, 'closeIdleConnections', function () {
      for (const [socket, busy] of open.get(this) ?? []) if (busy === 0) socket.destroy();
    });
  }
}
