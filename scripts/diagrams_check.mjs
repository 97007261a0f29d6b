// Parses the Mermaid diagrams of the documents whose names follow, with Mermaid itself. Ends with 1 and names those that
// it refuses, by file and line. scripts/diagrams_check.sh starts it where Mermaid is installed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.cwd() + '/');
const { JSDOM } = require('jsdom');

// Mermaid asks for a document even where it draws nothing.
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
globalThis.Element = window.Element;
const { default: mermaid } = await import(
  pathToFileURL(process.cwd() + '/node_modules/mermaid/dist/mermaid.core.mjs'));

let diagrams = 0;
let refused = 0;
for (const file of process.argv.slice(2)) {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim() === '```mermaid') {
      const first = i + 1;
      while (lines[i + 1] !== undefined && lines[i + 1].trim() !== '```') {
        i++;
      }
      diagrams++;
      try {
        await mermaid.parse(lines.slice(first, i + 1).join('\n'));
      } catch (e) {
        refused++;
        console.error(`${file}:${first + 1}: ${e.message}`);
      }
    }
  }
}
console.log(`diagrams: ${diagrams - refused} parsed, ${refused} refused`);
process.exit(refused === 0 && diagrams > 0 ? 0 : 1);
