// How the pages' scripts and styles are built: one entry point for each kind of page, one icon sprite, one manifest for Django.
import { resolve } from 'node:path';

import { defineConfig } from 'vite';

import { compress } from './compress.ts';
import { sprite } from './sprite.ts';

const here = import.meta.dirname;

export default defineConfig({
  root: here,
  base: '/static/dist/',
  publicDir: false,
  plugins: [sprite(resolve(here, 'icons.json'), resolve(here, 'node_modules/@tabler/icons/icons')), compress()],
  css: {
    preprocessorOptions: {
      scss: { loadPaths: [resolve(here, 'node_modules')], quietDeps: true, silenceDeprecations: ['if-function'] },
    },
  },
  build: {
    outDir: resolve(here, '../bihuan/static/dist'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    target: ['chrome111', 'safari16.4', 'firefox115'],
    // Fonts and pictures stay files: a data: script or style would need a hole in the content policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        main: resolve(here, 'src/main.ts'),
        map: resolve(here, 'src/map.ts'),
        editor: resolve(here, 'src/editor.ts'),
        chart: resolve(here, 'src/chart.ts'),
        ledger: resolve(here, 'src/ledger.ts'),
      },
    },
  },
});
