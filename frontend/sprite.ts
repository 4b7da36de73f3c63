// Builds one SVG sprite out of the icons named in icons.json; the c-icon component refers to it by name.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Plugin } from 'vite';

export const SPRITE = 'src/icons.svg';

/** An icon's drawing without its frame: the frame's size and stroke come from the page's own style. */
function drawing(svg: string): string {
  return svg
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/\s*\n\s*/g, '');
}

export function sprite(list: string, folder: string): Plugin {
  return {
    name: 'sprite',
    apply: 'build',
    async buildStart() {
      const names: string[] = JSON.parse(await readFile(list, 'utf8'));
      const symbols: string[] = [];
      for (const name of [...new Set(names)].sort()) {
        const [style, file] = name.startsWith('filled/') ? ['filled', name.slice(7)] : ['outline', name];
        const id = style === 'filled' ? `${file}-filled` : file;
        const svg = await readFile(join(folder, style, `${file}.svg`), 'utf8');
        symbols.push(`<symbol id="${id}" viewBox="0 0 24 24">${drawing(svg)}</symbol>`);
      }
      this.emitFile({
        type: 'asset',
        name: 'icons.svg',
        originalFileName: SPRITE,
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`,
      });
    },
  };
}
