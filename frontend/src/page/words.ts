// The sentences that scripts say. They stand in the page (base.html, #words), where they are translated.

/** The page's sentence of this name, with each {placeholder} filled in. */
export function word(name: string, values: Record<string, string | number> = {}): string {
  const text = document.getElementById('words')?.dataset[name] ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** The page's language, for dates and numbers. */
export function language(): string {
  return document.documentElement.lang || 'zh-Hans';
}

/** Words in a row, as the page's language strings them: a, b and 甲、乙. */
export function listed(words: readonly string[]): string {
  return words.join(language().startsWith('zh') ? '、' : ', ');
}
