// Writes a .gz and a .br beside every built text file, so that the web server never compresses while a phone waits.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg)$/;

export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle(options) {
      const folder = options.dir ?? '';
      for (const entry of await readdir(folder, { recursive: true })) {
        if (!TEXT.test(entry)) continue;
        const path = join(folder, entry);
        const text = await readFile(path);
        await writeFile(`${path}.gz`, gzipSync(text, { level: 9 }));
        await writeFile(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
      }
    },
  };
}
