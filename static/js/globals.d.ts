// Django's JavaScriptCatalog, which pages load before the modules that speak.
declare function gettext(words: string): string;
declare function ngettext(one: string, many: string, count: number): string;
declare function interpolate(words: string, values: Record<string, unknown>, named: true): string;
declare function interpolate(words: string, values: readonly unknown[]): string;
