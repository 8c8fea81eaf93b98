import highlighter from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

/** With their usual other names. */
const LANGUAGES = {
	...{ bash, c, cpp, csharp, css, diff, go, java, javascript, json },
	...{ python, rust, sql, typescript, xml, yaml },
};
for (const [name, language] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, language);

/** Past this a reader waits, and no eye needs the colours. */
const MOST = 20_000;

/** Code as HTML with its parts marked, or null where the language is not known. */
export function colouredCode(code: string, language: string): string | null {
	if (code.length > MOST || !highlighter.getLanguage(language)) return null;
	return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}
